import { type StandIns, type SystemHandler } from '@consent/decision-consumer';
import { applyEffects } from './apply-effects.js';
import { type TargetingEffect, onDecision, type Purpose, PURPOSES } from './on-decision.js';

/** All that pickx-ad-targeting tells the consumer about itself. */
export const handler = (standIns: StandIns<Purpose> = {}): SystemHandler<TargetingEffect> => ({
  systemId: 'pickx-ad-targeting',
  purposes: [...PURPOSES, ...Object.keys(standIns)],
  onDecision: (decision) => onDecision(decision, standIns[decision.purposeId]),
  applyEffects,
});
