import { type ConsentDecision, opens } from '@consent/events';

/** Purposes that concern sharing with group companies. Sections of the privacy statement: 5.3, 7.1.1.1, 11.5. */
export const PURPOSES = [
  'group-affiliate-phone-marketing',
  'event-participation',
  'event-lead-marketing',
  'contact-by-phone',
] as const;
export type Purpose = (typeof PURPOSES)[number];

/**
 * share, stop-sharing: the person on or off the list of contacts for group companies.
 * open-phone, close-phone: one number may be handed over for calling, or not.
 */
export interface SharingEffect {
  kind: 'share' | 'stop-sharing' | 'open-phone' | 'close-phone';
  decisionId: string;
  subjectId: string;
  scopeId: string;
  purposeId: string;
  version: number;
}

/**
 * What group sharing does about a decision. An opt-out takes the person off the list and every affiliate that received
 * the person is told to stop (5.3); a closed number is handed to nobody for calling (11.5).
 * @param purpose the purpose as which the decision is treated
 */
export function onDecision(
  decision: ConsentDecision,
  purpose = decision.purposeId as Purpose,
): readonly SharingEffect[] {
  switch (purpose) {
    case 'group-affiliate-phone-marketing':
    case 'event-participation':
    case 'event-lead-marketing':
      return [effect(opens(decision) ? 'share' : 'stop-sharing', decision)];
    case 'contact-by-phone':
      return [effect(opens(decision) ? 'open-phone' : 'close-phone', decision)];
    default:
      return unknownPurpose(purpose);
  }
}

const effect = (kind: SharingEffect['kind'], decision: ConsentDecision): SharingEffect => ({
  kind,
  decisionId: decision.decisionId,
  subjectId: decision.subjectId,
  scopeId: decision.scope.id,
  purposeId: decision.purposeId,
  version: decision.version,
});

function unknownPurpose(purpose: never): never {
  throw new Error(`group-sharing has no rule for the purpose ${String(purpose)}; it knows ${PURPOSES.join(', ')}`);
}
