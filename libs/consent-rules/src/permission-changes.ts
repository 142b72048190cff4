import { ledgerEntry } from './decide.js';
import { addPeriod } from './calendar.js';
import { decidedIn } from './permission.js';
import { factsFor, permissionIn, scopesAt, stateIn } from './prerequisites.js';
import {
  type Catalogue,
  type Cause,
  type LedgerEntry,
  type Permission,
  type Purpose,
  type Scope,
  type Status,
  type SubjectFacts,
  type SubjectView,
  type TripleState,
} from './types.js';

export interface ChangeContext {
  /** Epoch ms; becomes receivedAt. */
  now: number;
  /** Called once for each entry, in order. */
  nextVersion: () => number;
  newDecisionId: () => string;
  /** Why permissions changed; the clock has `clockChanges`. */
  cause: Extract<Cause, 'facts' | 'catalogue'>;
  /** Of the act the changes follow from, or null. */
  bundleId: string | null;
  caller: string;
  /** Look at these purposes only: the dependants of a purpose just decided. Default: all. */
  purposes?: Iterable<Purpose>;
}

/**
 * The ledger entries that follow, without a decision of the person, when facts, the catalogue or a prerequisite
 * moved: one for each permission that differs from what was last published. What is open by default and
 * was never decided is published only when it closes; systems hold the default themselves.
 * @param before as last published @param after as it is now
 */
export function permissionChanges(
  before: SubjectView,
  after: SubjectView,
  catalogue: Catalogue,
  context: ChangeContext,
): LedgerEntry[] {
  const entries: LedgerEntry[] = [];
  for (const purpose of context.purposes ?? catalogue.purposes.values()) {
    if (purpose.choiceModel === 'none' || purpose.scopeLevel === null) continue;
    for (const { level, id } of scopesAt(after, purpose.scopeLevel)) {
      const scope = { level, id };
      const state = stateIn(after, purpose.id, id);
      const now = permissionIn(after, catalogue, purpose, scope, context.now);
      const was = state ?? permissionIn(before, catalogue, purpose, scope, context.now);
      if (!differs(was, now) || (state === null && now.allowed)) continue;
      entries.push(changeEntry(after, purpose, scope, now, catalogue, context));
    }
  }
  return entries;
}

/** The moment of the next change is part of an open permission: who holds it must learn when that moved. */
export const differs = (was: Permission, now: Permission): boolean =>
  was.allowed !== now.allowed || (now.allowed && was.nextChangeAt !== now.nextChangeAt);

/** `asOf` is the moment that was judged, where it was not now: a clock that is late. Epoch ms. */
type EntryContext = Omit<ChangeContext, 'cause' | 'purposes'> & { cause: Cause; asOf?: number };

/** The ledger entry for a permission that changed without a decision of the person. */
export function changeEntry(
  view: SubjectView,
  purpose: Purpose,
  scope: Scope,
  permission: Permission,
  catalogue: Catalogue,
  context: EntryContext,
): LedgerEntry {
  const facts = factsFor(view, scope);
  const state = stateIn(view, purpose.id, scope.id);
  const ended = endOfConsent(purpose, state, permission, facts);
  return ledgerEntry(
    {
      subjectId: view.subjectId,
      scope,
      purposeId: purpose.id,
      status: ended === null ? statusKept(state) : 'expired',
      cause: context.cause,
      decidedAt: ended ?? decidedIn(state)?.decidedAt ?? context.asOf ?? context.now,
      bundleId: context.bundleId,
      notice: null,
      evidence: { channel: 'none', actor: 'system', caller: context.caller, origin: null },
      brand: facts?.brand ?? null,
      attributes: {},
    },
    permission,
    true,
    purpose,
    facts,
    {
      now: context.now,
      version: context.nextVersion(),
      decisionId: context.newDecisionId(),
      catalogueVersion: catalogue.version,
      systems: catalogue.systems,
    },
  );
}

/** Nobody has objected where nothing was decided: the words stay true while a rule closes the purpose. */
const statusKept = (state: TripleState | null): Status => state?.status ?? 'objection_lifted';

/** The moment a consent ended by its own clock (C07, C09), so that a later contract asks again; null otherwise. */
function endOfConsent(
  purpose: Purpose,
  state: TripleState | null,
  permission: Permission,
  facts: SubjectFacts | null,
): number | null {
  const given = purpose.choiceModel === 'opt-in' ? decidedIn(state) : null;
  if (given === null || permission.allowed) return null;
  if (given.status === 'requested') return permission.reason === 'expired' ? (given.confirmBy ?? null) : null;
  const clockOf = (from: 'consent' | 'contract-end') => purpose.clocks.find((c) => c.from === from)?.period ?? 'PT0S';
  switch (permission.reason) {
    case 'consent_lapsed':
      return addPeriod(given.decidedAt, clockOf('consent'));
    case 'contract_ended':
    case 'period_after_contract_over':
      return Math.max(given.decidedAt, addPeriod(facts?.contractEnd ?? given.decidedAt, clockOf('contract-end')));
    default:
      return null;
  }
}
