import { type SystemHandler } from '@consent/decision-consumer';
import { applyEffects } from './apply-effects.js';
import { type MarketingEffect, onDecision } from './on-decision.js';
import { type Purpose, PURPOSES } from './purposes.js';

/** Purposes of another catalogue, each treated as one that this system knows. For benchmarks; none in production. */
export type StandIns = Readonly<Record<string, Purpose>>;

/** All that marketing-segmentation tells the consumer about itself. */
export const handler = (standIns: StandIns = {}): SystemHandler<MarketingEffect> => ({
  systemId: 'marketing-segmentation',
  purposes: [...PURPOSES, ...Object.keys(standIns)],
  onDecision: (decision) => onDecision(decision, standIns[decision.purposeId]),
  applyEffects,
});
