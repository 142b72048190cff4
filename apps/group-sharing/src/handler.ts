import { type StandIns, type SystemHandler } from '@consent/decision-consumer';
import { applyEffects } from './apply-effects.js';
import { type SharingEffect, onDecision, type Purpose, PURPOSES } from './on-decision.js';

/** All that group-sharing tells the consumer about itself. */
export const handler = (standIns: StandIns<Purpose> = {}): SystemHandler<SharingEffect> => ({
  systemId: 'group-sharing',
  purposes: [...PURPOSES, ...Object.keys(standIns)],
  onDecision: (decision) => onDecision(decision, standIns[decision.purposeId]),
  applyEffects,
});
