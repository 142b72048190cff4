import { type EndedCategory } from '@consent/events';
import { endOfConsent } from './consent-end.js';
import { LAPSED, lapseOf } from './consent-proof.js';
import { lastEnds, toldEnds } from './ended-categories.js';
import { ledgerEntry } from './decide.js';
import { type Followers } from './followers.js';
import { oncePer } from './once-per.js';
import { decidedIn } from './permission.js';
import { factsFor, permissionIn, reachedScopes, stateIn } from './prerequisites.js';
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
  /** The version in force before, where the catalogue changed. */
  catalogueBefore?: Catalogue;
  /** Look at these only: what follows an act just decided. Default: everything. */
  followers?: Followers;
}

/**
 * The ledger entries that follow, without a decision of the person, when facts, the catalogue or a
 * prerequisite moved: one for each permission that differs from what it was. A purpose or scope that nobody has heard of
 * stands at its default in every system: what is open by default and closed under the first facts of a person, or in a
 * scope from its first moment, is an entry too (C18, C38). What opens by default stands so everywhere, and is none. Of a
 * person of whom nothing is known, closings of what is new alone are told: of a purpose, and of a scope of who objected to all marketing.
 * @param before as last published @param after as it is now; both are the same when only the catalogue moved
 */
export function permissionChanges(
  before: SubjectView,
  after: SubjectView,
  catalogue: Catalogue,
  context: ChangeContext,
): LedgerEntry[] {
  const earlier = context.catalogueBefore ?? catalogue;
  const entries: LedgerEntry[] = [];
  const { followers } = context;
  for (const purpose of followers?.keys() ?? purposesThatMayMove(after, earlier, catalogue)) {
    const purposeBefore = earlier.purposes.get(purpose.id);
    if (purpose.choiceModel === 'none' && (purposeBefore ?? purpose).choiceModel === 'none') continue;
    for (const { level, id } of reachedScopes(after, purpose, followers?.get(purpose))) {
      const scope = { level, id };
      const state = stateIn(after, purpose.id, id);
      if (state === null && !isKnown(after) && purposeBefore !== undefined && !isNew(before, scope)) continue;
      const was =
        state ??
        (purposeBefore?.choiceModel === 'none'
          ? permissionIn(before, earlier, purposeBefore, scope, context.now)
          : defaultOf(purposeBefore ?? purpose));
      const over =
        followers === undefined && endUntold(state, [earlier, catalogue], before, purpose.id, scope, context.now);
      if (over) {
        const { permission, ...endedUnder } = over;
        entries.push(changeEntry(after, purpose, scope, permission, catalogue, { ...context, endedUnder }));
        continue;
      }
      const now = catalogue.purposes.has(purpose.id)
        ? permissionIn(after, catalogue, purpose, scope, context.now)
        : NOT_IN_CATALOGUE;
      const isMoved = state === null ? was.allowed !== now.allowed : differs(state, now);
      if (isMoved || (followers === undefined && endsUnseen(state, [before, after], purpose, scope, now, context.now)))
        entries.push(changeEntry(after, purpose, scope, now, catalogue, { ...context, before }));
    }
  }
  return entries;
}

/** Of whom nothing was decided, only what is open by default can move with the facts: a file of them has a million lines. */
const purposesThatMayMove = ({ states }: SubjectView, earlier: Catalogue, catalogue: Catalogue): readonly Purpose[] =>
  states.length === 0 && earlier === catalogue ? openByDefault(catalogue) : everPublished(earlier, catalogue);

/** What stands open in every system until it is told otherwise, and leaves a choice. */
export const openByDefault = ({ purposes }: Pick<Catalogue, 'purposes'>): readonly Purpose[] => openOf(purposes);

const openOf = oncePer((purposes: Catalogue['purposes']): readonly Purpose[] =>
  [...purposes.values()].filter(({ defaultAllowed, choiceModel }) => defaultAllowed === true && choiceModel !== 'none'),
);

/** The purposes of the catalogue, and those it no longer has. */
const everPublished = (earlier: Catalogue, catalogue: Catalogue): Purpose[] => [
  ...catalogue.purposes.values(),
  ...[...earlier.purposes.values()].filter(({ id }) => !catalogue.purposes.has(id)),
];

const NOT_IN_CATALOGUE: Permission = { allowed: false, reason: 'purpose_unknown', nextChangeAt: null };

const isKnown = ({ facts }: SubjectView): boolean => facts !== null && facts.unregistered !== true;

/** Whether a person of whom something is known gets the scope just now. */
export const isNew = ({ facts, scopes, states, subjectId }: SubjectView, { id }: Pick<Scope, 'id'>): boolean =>
  facts !== null && id !== subjectId && !scopes.some((s) => s.id === id) && !states.some((s) => s.scope.id === id);

const defaultOf = ({ defaultAllowed }: Purpose): Permission =>
  defaultAllowed === true
    ? { allowed: true, reason: 'open_by_default', nextChangeAt: null }
    : { allowed: false, reason: 'closed_by_default', nextChangeAt: null };

/**
 * Whether a consent that something held closed ends: nothing opens or closes, and its proof has an end all the same (C04), and
 * no later contract brings it back (C07). A decision about another purpose ends none.
 */
const endsUnseen = (
  state: TripleState | null,
  [before, after]: readonly [SubjectView, SubjectView],
  purpose: Purpose,
  scope: Scope,
  permission: Permission,
  now: number,
): boolean =>
  state?.status === 'given' &&
  !state.allowed &&
  endOfConsent(purpose, state, permission, factsFor(after, scope), now, factsFor(before, scope)) !== null;

/** Under what a consent ended. */
interface EndedUnder {
  purpose: Purpose;
  facts: SubjectFacts | null;
}

/**
 * The first of the versions under which a consent has ended that is still told as given: the clocks were late for the end under
 * the version or the facts before, which none that come later take back, or were never set for a period that the new version
 * makes shorter.
 */
function endUntold(
  state: TripleState | null,
  versions: readonly [Catalogue, Catalogue],
  view: SubjectView,
  purposeId: string,
  scope: Scope,
  now: number,
): (EndedUnder & { permission: Permission }) | undefined {
  if (state?.status !== 'given') return undefined;
  const facts = factsFor(view, scope);
  return [...new Set(versions)]
    .flatMap((catalogue) => {
      const purpose = catalogue.purposes.get(purposeId);
      if (purpose === undefined) return [];
      const hasLapsed = (lapseOf(purpose, state) ?? Infinity) <= now;
      return { purpose, facts, permission: hasLapsed ? LAPSED : permissionIn(view, catalogue, purpose, scope, now) };
    })
    .find(({ purpose, permission }) => endOfConsent(purpose, state, permission, facts, now) !== null);
}

/** The moment of the next change is part of an open permission: who holds it must learn when that moved. */
export const differs = (was: Permission, now: Permission): boolean =>
  was.allowed !== now.allowed || (now.allowed && was.nextChangeAt !== now.nextChangeAt);

type EntryContext = Omit<ChangeContext, 'cause' | 'followers'> & {
  cause: Cause;
  /** The moment that was judged, where it was not now: a clock that is late. Epoch ms. */
  asOf?: number;
  /** The subject before facts moved. */
  before?: SubjectView;
  /** Under what a consent ended. Default: as all is now. */
  endedUnder?: EndedUnder;
  /** Kinds of data whose retention ended. */
  ended?: readonly EndedCategory[];
};

/** The ledger entry for a permission that changed without a decision of the person. */
export function changeEntry(
  view: SubjectView,
  purpose: Purpose,
  scope: Scope,
  permission: Permission,
  catalogue: Catalogue,
  context: EntryContext,
): LedgerEntry {
  const state = stateIn(view, purpose.id, scope.id);
  const earlier = context.before === undefined ? null : factsFor(context.before, scope);
  const under = context.endedUnder ?? { purpose, facts: factsFor(view, scope) };
  const ended = endOfConsent(under.purpose, state, permission, under.facts, context.now, earlier);
  const told = {
    status: ended === null ? statusKept(purpose, state) : 'expired',
    decidedAt: ended ?? decidedIn(state)?.decidedAt ?? context.asOf ?? context.now,
    endedCategories: lastEnds([...toldEnds(purpose, state), ...(context.ended ?? [])]),
  } as const;
  return entryByRule(view, purpose, scope, permission, told, catalogue, context);
}

/** An entry that nobody caused. @param told what it says of the decision behind it */
export function entryByRule(
  view: SubjectView,
  purpose: Purpose,
  scope: Scope,
  permission: Permission,
  { endedCategories, ...told }: Pick<LedgerEntry, 'status' | 'decidedAt' | 'endedCategories'>,
  catalogue: Catalogue,
  { now, nextVersion, newDecisionId, cause, bundleId, caller }: EntryContext,
): LedgerEntry {
  const facts = factsFor(view, scope);
  return ledgerEntry(
    {
      subjectId: view.subjectId,
      scope,
      purposeId: purpose.id,
      ...told,
      cause,
      bundleId,
      notice: null,
      evidence: { channel: 'none', actor: 'system', caller, origin: null },
      brand: facts?.brand ?? null,
      attributes: {},
    },
    permission,
    true,
    purpose,
    facts,
    {
      now,
      version: nextVersion(),
      decisionId: newDecisionId(),
      catalogueVersion: catalogue.version,
      systems: catalogue.systems,
      endedCategories,
    },
  );
}

/** Where nothing was decided nobody has objected, and a consent is still to be asked for. */
const statusKept = ({ choiceModel }: Purpose, state: TripleState | null): Status =>
  state?.status ?? (choiceModel === 'opt-in' ? 'requested' : 'objection_lifted');
