import { type SystemHandler } from '@consent/decision-consumer';
import { applyEffects } from './apply-effects.js';
import { type SharingEffect, onDecision, type Purpose, PURPOSES } from './on-decision.js';

/** Purposes of another catalogue, each treated as one that this system knows. For benchmarks; none in production. */
export type StandIns = Readonly<Record<string, Purpose>>;

/** All that group-sharing tells the consumer about itself. */
export const handler = (standIns: StandIns = {}): SystemHandler<SharingEffect> => ({
  systemId: 'group-sharing',
  purposes: [...PURPOSES, ...Object.keys(standIns)],
  onDecision: (decision) => onDecision(decision, standIns[decision.purposeId]),
  applyEffects,
});
