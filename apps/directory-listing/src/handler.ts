import { type StandIns, type SystemHandler } from '@consent/decision-consumer';
import { applyEffects } from './apply-effects.js';
import { type ListingEffect, onDecision, type Purpose, PURPOSES } from './on-decision.js';

/** All that directory-listing tells the consumer about itself. */
export const handler = (standIns: StandIns<Purpose> = {}): SystemHandler<ListingEffect> => ({
  systemId: 'directory-listing',
  purposes: [...PURPOSES, ...Object.keys(standIns)],
  onDecision: (decision) => onDecision(decision, standIns[decision.purposeId]),
  applyEffects,
});
