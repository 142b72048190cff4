/*
 * The one way to consume decisions.
 *   handler   what a system does about decisions, in its own words (system-handler.ts)
 *   core/     pure: which decisions of a chunk count, in which order, and what is answered
 *   shell/    one transaction a chunk, cursors, acknowledgements, parked decisions
 *   nest/     the strategy, the operators' API, health
 *   kit/      what specs of systems need: decisions, given / when / then, conformance, doors
 */
export { type ApplyEffects, type Effect, type EffectRow, type SystemHandler } from './system-handler.js';
export { applyTogether } from './apply-together.js';
export { decisionConsumerMigrations } from './migrations.js';
export { type ConsumerConfig, consumerConfig, type DownstreamConfig, downstreamConfig } from './config.js';
export { type StandIns, standInPurposes } from './stand-ins.js';
export { type ConsumerReport, type DecisionConsumerSettings } from './consumer-settings.js';
export { DecisionConsumer } from './decision-consumer.js';
export { type Word } from './stream/word.js';
export {
  consumeDecisions,
  DecisionConsumerModule,
  type DecisionConsumerOptions,
} from './nest/decision-consumer.module.js';
export { DecisionConsumerStrategy } from './nest/strategy.js';
export { OpsGuard } from './nest/ops-guard.js';
export { OPS_TOKEN_HASH } from './nest/tokens.js';
export { runMigrations } from './nest/run-migrations.js';
export { REASONS } from './core/reasons.js';
export { anySystem, type AnySystem } from './chunk/run-effects.js';
