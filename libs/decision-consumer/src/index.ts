/*
 * The one way to consume decisions.
 *   handler   what a system does about decisions, in its own words (system-handler.ts)
 *   core/     pure: which decisions of a chunk count, in which order, and what is answered
 *   shell/    one transaction a chunk, cursors, acknowledgements, parked decisions
 *   nest/     the strategy, the operators' API, health
 *   kit/      given / when / then for whoever writes another system
 */
export { type ApplyEffects, type Effect, type EffectRow, type SystemHandler } from './system-handler.js';
export { decisionConsumerMigrations } from './migrations.js';
