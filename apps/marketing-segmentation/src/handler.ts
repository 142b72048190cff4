import { type StandIns, type SystemHandler } from '@consent/decision-consumer';
import { applyEffects } from './apply-effects.js';
import { type MarketingEffect, onDecision } from './on-decision.js';
import { type Purpose, PURPOSES } from './purposes.js';

/** All that marketing-segmentation tells the consumer about itself. */
export const handler = (standIns: StandIns<Purpose> = {}): SystemHandler<MarketingEffect> => ({
  systemId: 'marketing-segmentation',
  purposes: [...PURPOSES, ...Object.keys(standIns)],
  onDecision: (decision) => onDecision(decision, standIns[decision.purposeId]),
  applyEffects,
});
