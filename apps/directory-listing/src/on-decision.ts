import { type ConsentDecision, opens } from '@consent/events';

/** Purposes that concern the directory. Sections of the privacy statement: 6.3.4, and 11.4 for removal. */
export const PURPOSES = [
  'directory-contact-listing',
  'directory-profession-listing',
  'directory-statutory-provision',
] as const;
export type Purpose = (typeof PURPOSES)[number];

/** What of a line is offered: the entry itself, the profession beside it, or the supply to publishers that follows from an entry. */
export type Part = 'contact' | 'profession' | 'provision';

/**
 * A part of one line's listing, and the decision that it follows.
 * offer: the person says yes. reopen: the permission came back without the person, so what a supplier's feed closed stays closed.
 */
export interface ListingEffect {
  kind: 'offer' | 'reopen' | 'withhold';
  part: Part;
  decisionId: string;
  subjectId: string;
  lineId: string;
  purposeId: string;
  version: number;
}

/**
 * What the directory does about a decision. A line without a grant is not listed (6.3.4), each line has its own switch,
 * and a profession is handed over only beside a listed contact.
 * @param purpose the purpose as which the decision is treated
 */
export function onDecision(
  decision: ConsentDecision,
  purpose = decision.purposeId as Purpose,
): readonly ListingEffect[] {
  switch (purpose) {
    case 'directory-contact-listing':
      return [effect(kindOf(decision), 'contact', decision)];
    case 'directory-profession-listing':
      return [effect(kindOf(decision), 'profession', decision)];
    case 'directory-statutory-provision':
      return [effect(kindOf(decision), 'provision', decision)];
    default:
      return unknownPurpose(purpose);
  }
}

function kindOf(decision: ConsentDecision): ListingEffect['kind'] {
  if (!opens(decision)) return 'withhold';
  return PERSON.has(decision.cause) ? 'offer' : 'reopen';
}

/** Causes in which the person speaks, or someone who may speak for the person. */
const PERSON: ReadonlySet<ConsentDecision['cause']> = new Set(['person', 'guardian', 'agent']);

const effect = (kind: ListingEffect['kind'], part: Part, decision: ConsentDecision): ListingEffect => ({
  kind,
  part,
  decisionId: decision.decisionId,
  subjectId: decision.subjectId,
  lineId: decision.scope.id,
  purposeId: decision.purposeId,
  version: decision.version,
});

function unknownPurpose(purpose: never): never {
  throw new Error(`directory-listing has no rule for the purpose ${String(purpose)}; it knows ${PURPOSES.join(', ')}`);
}
