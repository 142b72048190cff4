import { describe, it } from '@jest/globals';
import fc from 'fast-check';
import { evolve } from './evolve.js';
import { permissionChanges } from './permission-changes.js';
import { permissionIn, reachedScopes, stateIn } from './prerequisites.js';
import { DAY, NOW, optIn, optOut, SUBJECT, SYSTEM_DEADLINES } from './test-fixtures.js';
import { expectEqual } from './properties/expect-equal.js';
import {
  type Catalogue,
  type HeldState,
  type LedgerEntry,
  type Purpose,
  type ScopeFacts,
  type SubjectView,
} from './types.js';

const screen = optOut({ id: 'screen', scopeLevel: 'account', excludedBrands: ['scarlet'], brands: ['proximus'] });
const purposes: Purpose[] = [
  screen,
  optOut({ id: 'promotion', scopeLevel: 'account', dependsOn: ['screen'], profiling: true }),
  optIn({ id: 'offers', profiling: true, ownMarketing: true }),
  optIn({ id: 'ads', clocks: [{ from: 'contract-end', period: 'PT0S', frozen: false, decision: 'C07' }] }),
  optOut({ id: 'calls', scopeLevel: 'contact_point', ownMarketing: true, contactKind: 'phone' }),
  optOut({ id: 'mails', scopeLevel: 'contact_point', ownMarketing: true, contactKind: 'email', roles: [] }),
];
const catalogue: Catalogue = {
  version: '2026-11-24.000000000000',
  purposes: new Map(purposes.map((p) => [p.id, p])),
  dependants: new Map(),
  notices: [],
  bundles: new Map(),
  confirmWithin: new Map(),
  dataCategories: new Map(),
  systems: SYSTEM_DEADLINES,
};

const moment = fc.constantFrom(null, NOW - 9 * DAY, NOW - DAY, NOW, NOW + DAY);
const someScopes = fc.uniqueArray(
  fc.record<ScopeFacts>({
    level: fc.constantFrom('account', 'contact_point'),
    id: fc.constantFrom('s1', 's2', 's3'),
    brand: fc.constantFrom(null, 'scarlet'),
    kind: fc.constantFrom(null, 'phone', 'email'),
    validFrom: moment,
    validUntil: moment,
  }),
  { selector: ({ id }) => id, maxLength: 3 },
);
const someFacts = fc.record({
  brand: fc.constantFrom('proximus', 'scarlet', null),
  roles: fc.subarray(['prospect', 'customer'] as const),
  minor: fc.constantFrom(true, false, null),
  contractEnd: moment,
  fullMarketingObjectionAt: fc.constantFrom(null, null, NOW - 5 * DAY),
});
/** A consent from before; the rules decide what it allows. */
const consent = (purposeId: string): HeldState => ({
  scope: { level: 'person', id: SUBJECT },
  purposeId,
  state: {
    version: 1,
    decisionId: 'd1',
    status: 'given',
    allowed: false,
    reason: 'facts_missing',
    nextChangeAt: null,
    decidedAt: NOW - 2 * DAY,
    closedDecidedAt: null,
    saidNoAt: null,
    announcedPeriod: null,
    endedCategories: [],
  },
});

const context = () => {
  let version = 10;
  return {
    now: NOW,
    nextVersion: () => ++version,
    newDecisionId: () => `d${version}`,
    cause: 'facts' as const,
    bundleId: null,
    caller: 'crm',
  };
};

function withEntries(view: SubjectView, entries: ReturnType<typeof permissionChanges>): SubjectView {
  const states = new Map(view.states.map((held) => [`${held.scope.id} ${held.purposeId}`, held]));
  for (const entry of entries) {
    const key = `${entry.scope.id} ${entry.purposeId}`;
    const state = evolve(states.get(key)?.state ?? null, entry);
    states.set(key, { scope: entry.scope, purposeId: entry.purposeId, state });
  }
  return { ...view, states: [...states.values()] };
}

/** Over all purposes and scopes, by asking "may I?" after: against what was told, and the default where nothing was. */
function difference(before: SubjectView, after: SubjectView): string[] {
  return purposes.flatMap((purpose) =>
    reachedScopes(after, purpose).flatMap((scope) => {
      const now = permissionIn(after, catalogue, purpose, scope, NOW);
      const state = stateIn(before, purpose.id, scope.id);
      const was = state?.allowed ?? purpose.defaultAllowed === true;
      const moved = was !== now.allowed || (state !== null && now.allowed && state.nextChangeAt !== now.nextChangeAt);
      return moved ? [`${purpose.id} ${scope.id} ${now.allowed}`] : [];
    }),
  );
}

describe('a change of facts', () => {
  it('writes exactly what differs from what was told, and from the default where nothing was, also with the first facts, and the end of a consent held closed; a second look finds none', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(someFacts, someScopes), { minLength: 2, maxLength: 5 }),
        fc.subarray(['offers', 'ads']),
        (steps, consents) => {
          let view: SubjectView = { subjectId: SUBJECT, facts: null, scopes: [], states: consents.map(consent) };
          for (const [facts, scopes] of steps) {
            const merged = [...new Map([...view.scopes, ...scopes].map((s) => [s.id, s])).values()];
            const after = { ...view, facts, scopes: merged };
            const entries = permissionChanges(view, after, catalogue, context());
            const held = ({ purposeId, scope }: LedgerEntry) => stateIn(view, purposeId, scope.id)?.allowed === false;
            expectEqual(
              entries
                .filter((e) => e.status !== 'expired' || !held(e))
                .map((e) => `${e.purposeId} ${e.scope.id} ${e.permission.allowed}`),
              difference(view, after),
            );
            expectEqual(
              entries.filter(({ cause }) => cause !== 'facts'),
              [],
            );
            view = withEntries(after, entries);
            expectEqual(permissionChanges(view, view, catalogue, context()), []);
          }
        },
      ),
      { numRuns: 10_000 },
    );
  });
});
