import { DAY } from '../test-fixtures.js';
import { type Cause, type Purpose, type Scope, type ScopeFacts, type Status } from '../types.js';
import { type Decided, type MemoryLedger } from './memory-ledger.js';

/*
 * What is expected, read from the statement and what was told: no rule of the library is asked.
 */

const YES: readonly Status[] = ['given', 'objection_lifted'];
const NO: readonly Status[] = ['refused', 'withdrawn', 'expired', 'revoked', 'objected', 'objection_submitted'];
const FOR_THE_PERSON: readonly Cause[] = ['person', 'guardian', 'agent', 'import'];
const OF_THE_OFFICE: readonly Cause[] = ['operator', 'authority'];
const YEAR = 366 * DAY;

const wordsAbout = ({ decided }: MemoryLedger, purposeId: string, scopeId: string): Decided[] =>
  decided.filter(({ entry }) => entry.purposeId === purposeId && entry.scope.id === scopeId);

/**
 * When the newest no was decided, not later than it came in. One to all own marketing reaches every scope, known or not; so
 * does one of a bundle, but for what is open by default in a scope that becomes known later.
 */
export function newestNo(ledger: MemoryLedger, purpose: Purpose, scope: Scope): number {
  const words = wordsAbout(ledger, purpose.id, scope.id).filter(({ command }) => NO.includes(command.status));
  const toAll = purpose.ownMarketing ? (ledger.view.facts?.fullMarketingObjectionAt ?? -Infinity) : -Infinity;
  const isReached = (known: ReadonlySet<string>): boolean => purpose.defaultAllowed !== true || known.has(scope.id);
  const bundles = ledger.bundles
    .filter(({ purposes, scopes }) => purposes.includes(purpose.id) && isReached(scopes))
    .map(({ at }) => at);
  return Math.max(toAll, ...bundles, ...words.map(({ entry }) => Math.min(entry.decidedAt, entry.receivedAt)));
}

/** What opened the purpose: the newest yes of the person after every no, or the answer to a reasoned objection. */
export function opener(ledger: MemoryLedger, purpose: Purpose, scope: Scope): Decided | null {
  const since = newestNo(ledger, purpose, scope);
  const found = wordsAbout(ledger, purpose.id, scope.id).filter((word) => isYes(word, since) || isRejection(word));
  return found.toSorted((a, b) => a.entry.decidedAt - b.entry.decidedAt).at(-1) ?? null;
}

/** Nothing that anybody could have sent opens: a yes is a request until it is confirmed, and the rest is refused. */
const isYes = ({ command: { status, cause, evidence, decidedAt } }: Decided, since: number): boolean =>
  YES.includes(status) && FOR_THE_PERSON.includes(cause) && evidence.channel !== 'web-sign-up' && decidedAt > since;

const isRejection = ({ entry: { status, cause, evidence } }: Decided): boolean =>
  status === 'objection_rejected' && OF_THE_OFFICE.includes(cause) && evidence.channel !== 'web-sign-up';

/** What is missing for a consent to be alive now; null when nothing is. */
export function missingForConsent(ledger: MemoryLedger, purpose: Purpose, scope: ScopeFacts): string | null {
  const { view, now } = ledger;
  const grant = opener(ledger, purpose, scope);
  if (grant?.entry.status !== 'given') return 'a yes of the person, newer than every no';
  const { facts } = view;
  if (facts === null) return 'facts';
  const brand = scope.brand ?? facts.brand;
  if (brand !== 'proximus' && brand !== 'scarlet') return 'a brand that the statement covers (C40)';
  if (brand === 'scarlet' && /^(5\.3|7\.2\.2\.5|7\.2\.3)/.test(purpose.section)) return 'another brand (C40, C87)';
  if (purpose.profiling && facts.minor !== false) return 'an adult (C38)';
  if (now >= (scope.validUntil ?? Infinity) || now < (scope.validFrom ?? -Infinity))
    return 'a scope of the person (C88)';
  const { decidedAt } = grant.entry;
  if (/^7\.(1\.2|1\.4|3\.1)$/.test(purpose.section) && now > decidedAt + 3 * YEAR)
    return 'a consent of three years (C06)';
  const ended = facts.contractEnd ?? Infinity;
  const asked = (facts.contractStart ?? -Infinity) > ended && decidedAt > ended;
  if (purpose.section.startsWith('7.2.3') && now >= ended && !asked)
    return 'a contract, or a yes under the new one (C07)';
  if (purpose.section.startsWith('7.2.3') && !facts.roles.includes('customer')) return 'a customer (C07)';
  const isFormer = facts.roles.includes('ex-customer') && !facts.roles.includes('customer');
  if (purpose.section === '7.2.1.2' && isFormer && ended === Infinity) return 'a known end of the contract (C08)';
  const began = facts.contractStart ?? -Infinity;
  if (purpose.section.startsWith('7.2.3') && decidedAt < began && !(decidedAt <= ended && ended < began))
    return 'a contract when the yes was said (C07)';
  if (purpose.section === '7.2.1.2' && now > ended + 5 * YEAR && !asked)
    return 'the five years after the contract (C08)';
  return missingBelow(ledger, purpose, scope);
}

/** A prerequisite of the same level counts in the same scope, any other in one scope at least (C16, C62, C85). */
function missingBelow(ledger: MemoryLedger, { dependsOn }: Purpose, scope: ScopeFacts): string | null {
  for (const id of dependsOn) {
    const below = ledger.triples().filter(({ purpose }) => purpose.id === id);
    const there = below.filter(({ scope: { level, id } }) => level !== scope.level || id === scope.id);
    if (!there.some((triple) => ledger.may(triple.purpose, triple.scope).allowed)) return id;
  }
  return null;
}
