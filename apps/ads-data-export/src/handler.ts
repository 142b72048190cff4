import { type StandIns, type SystemHandler } from '@consent/decision-consumer';
import { applyEffects } from './apply-effects.js';
import { type ExportEffect, onDecision, type Purpose, PURPOSES } from './on-decision.js';

/** All that ads-data-export tells the consumer about itself. */
export const handler = (standIns: StandIns<Purpose> = {}): SystemHandler<ExportEffect> => ({
  systemId: 'ads-data-export',
  purposes: [...PURPOSES, ...Object.keys(standIns)],
  onDecision: (decision) => onDecision(decision, standIns[decision.purposeId]),
  applyEffects,
});
