import { type ConsentDecision, opens } from '@consent/events';

/** Purposes that concern the export of audience data. Sections of the privacy statement: 7.2.3.2, 7.2.3.3, 7.2.3.4, 10. */
export const PURPOSES = [
  'ads-data-targeted-advertising',
  'web-app-targeted-advertising',
  'broadcaster-targeted-tv-ads',
  'cookie-data-partner-sharing',
  'advertising-cookies',
  'third-party-advertising-cookies',
] as const;
export type Purpose = (typeof PURPOSES)[number];

/** Streams are separate: a grant for one never lets a record into another. */
export type Stream = 'web-and-app' | 'agency' | 'television' | 'cookie-partners';

/** Whose advertising cookies on a device: the operator's own, or those of third parties. A yes to one never opens the other (C85). */
export type Party = 'own' | 'third';

interface Decided {
  decisionId: string;
  subjectId: string;
  scopeId: string;
  purposeId: string;
  version: number;
}

/** The person in or out of a stream. Out: no further delivery, and whoever received the record is told to drop it. */
export interface MembershipEffect extends Decided {
  kind: 'include' | 'exclude';
  stream: Stream;
}

/** Site and app data of one device may be used, or not; the consent for other data stands beside it (C14). */
export interface CookieEffect extends Decided {
  kind: 'open-cookies' | 'close-cookies';
  party: Party;
}

export type ExportEffect = MembershipEffect | CookieEffect;

/**
 * What the exporter does about a decision.
 * @param purpose the purpose as which the decision is treated
 */
export function onDecision(
  decision: ConsentDecision,
  purpose = decision.purposeId as Purpose,
): readonly ExportEffect[] {
  switch (purpose) {
    case 'ads-data-targeted-advertising':
      return [membership('web-and-app', decision)];
    case 'web-app-targeted-advertising':
      return [membership('agency', decision)];
    case 'broadcaster-targeted-tv-ads':
      return [membership('television', decision)];
    case 'cookie-data-partner-sharing':
      return [membership('cookie-partners', decision)];
    case 'advertising-cookies':
      return [cookies('own', decision)];
    case 'third-party-advertising-cookies':
      return [cookies('third', decision)];
    default:
      return unknownPurpose(purpose);
  }
}

const membership = (stream: Stream, decision: ConsentDecision): MembershipEffect => ({
  kind: opens(decision) ? 'include' : 'exclude',
  stream,
  ...decided(decision),
});

const cookies = (party: Party, decision: ConsentDecision): CookieEffect => ({
  kind: opens(decision) ? 'open-cookies' : 'close-cookies',
  party,
  ...decided(decision),
});

const decided = (decision: ConsentDecision): Decided => ({
  decisionId: decision.decisionId,
  subjectId: decision.subjectId,
  scopeId: decision.scope.id,
  purposeId: decision.purposeId,
  version: decision.version,
});

function unknownPurpose(purpose: never): never {
  throw new Error(`ads-data-export has no rule for the purpose ${String(purpose)}; it knows ${PURPOSES.join(', ')}`);
}
