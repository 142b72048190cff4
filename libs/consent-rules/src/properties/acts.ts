import fc from 'fast-check';
import { TRANSITIONS } from '../transitions.js';
import { CAUSES, DAY, NOW, SUBJECT } from '../test-fixtures.js';
import {
  type Cause,
  type DecideCommand,
  type Purpose,
  type Role,
  type Scope,
  type ScopeFacts,
  type Status,
  type SubjectFacts,
} from '../types.js';
import { type MemoryLedger } from './memory-ledger.js';
import { NEWER, OLDER } from './some-purposes.js';

/** Of every property. */
export const RUNS = { numRuns: 10_000 };

/** Something that happens to a person, or that somebody says. */
export type Act = (ledger: MemoryLedger) => unknown;

const HOUR = 3_600_000;
/** All that the person has or will have. */
export const everyScope: readonly ScopeFacts[] = [
  { level: 'account', id: 'account-1' },
  { level: 'account', id: 'account-2' },
  { level: 'line', id: 'line-1' },
  { level: 'device', id: 'device-1' },
  { level: 'device', id: 'device-2' },
  { level: 'contact_point', id: 'phone-1', kind: 'phone' },
  { level: 'contact_point', id: 'phone-2', kind: 'phone' },
  { level: 'contact_point', id: 'mail-1', kind: 'email' },
];
const PERSON: Scope = { level: 'person', id: SUBJECT };
export const scopesOf = ({ scopeLevel, contactKind }: Purpose): Scope[] =>
  scopeLevel === 'person'
    ? [PERSON]
    : everyScope
        .filter((s) => s.level === scopeLevel && (s.kind ?? contactKind) === contactKind)
        .map(({ level, id }) => ({
          level,
          id,
        }));

const brand = fc.oneof(
  { weight: 3, arbitrary: fc.constant('proximus') },
  fc.constantFrom('scarlet', 'mobile-vikings', null),
);
const moment = fc.integer({ min: -30, max: 60 }).map((months) => NOW + months * 30 * DAY + HOUR / 2);
const contract = fc.oneof(
  { weight: 3, arbitrary: fc.record({ contractStart: fc.option(moment), contractEnd: fc.option(moment) }) },
  // Ended, and begun anew after a while.
  fc.constant({ contractStart: NOW - 100 * DAY, contractEnd: NOW - 200 * DAY }),
);
const withoutContract = fc.record<SubjectFacts>({
  brand,
  roles: fc.oneof(
    { weight: 3, arbitrary: fc.constant<SubjectFacts['roles']>(['customer']) },
    fc.subarray<Role>(['prospect', 'customer', 'ex-customer']),
  ),
  minor: fc.oneof({ weight: 3, arbitrary: fc.constant(false) }, fc.constantFrom(true, null)),
});
export const someFacts: fc.Arbitrary<SubjectFacts> = fc
  .tuple(withoutContract, contract)
  .map(([facts, dates]) => ({ ...facts, ...dates }));

/** A scope, with a brand and a validity of its own or without. */
export const someScope: fc.Arbitrary<ScopeFacts> = fc
  .tuple(
    fc.constantFrom(...everyScope),
    fc.option(fc.constantFrom('proximus', 'scarlet'), { freq: 3 }),
    fc.option(fc.tuple(moment, moment), { freq: 4 }),
  )
  .map(([scope, own, validity]) => ({
    ...scope,
    brand: own,
    validFrom: validity && Math.min(...validity),
    validUntil: validity && Math.max(...validity),
  }));

/** How long before the reception something was decided: late, on time, or by a clock that runs ahead. */
const ago = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom(0, 1) },
  fc.constantFrom(HOUR, 2 * HOUR, DAY, 40 * DAY, 400 * DAY, -4 * 60_000, -2 * DAY),
);
const cause = fc.oneof({ weight: 4, arbitrary: fc.constant<Cause>('person') }, fc.constantFrom(...CAUSES));
const channel = fc.oneof({ weight: 5, arbitrary: fc.constant('myproximus-web') }, fc.constant('web-sign-up'));
const ALL = [...OLDER.purposes.values()];
export const WITHOUT_REASONS = ALL.filter(({ choiceModel }) => choiceModel !== 'objection-motivated');

/** A yes more often than each other word: most of what is proven is about what stays open. */
const statusOf = ({ choiceModel }: Purpose): fc.Arbitrary<Status> => {
  const statuses = TRANSITIONS[choiceModel].map(({ to }) => to);
  return fc.constantFrom(...statuses, ...statuses.filter((to) => to === 'given' || to === 'objection_lifted'));
};

/** A command without its time of decision; much of it is refused. */
export const wordAbout = (purposes: readonly Purpose[]): fc.Arbitrary<Omit<DecideCommand, 'decidedAt'>> =>
  fc.constantFrom(...purposes).chain((purpose) =>
    fc
      .tuple(
        fc.constantFrom(...scopesOf(purpose)),
        statusOf(purpose),
        cause,
        channel,
        fc.constantFrom(null, { system: 'crm', eventId: '1' }),
        brand,
      )
      .map(([scope, status, by, through, origin, ofBrand]) => ({
        subjectId: SUBJECT,
        purposeId: purpose.id,
        scope,
        status,
        cause: by,
        bundleId: null,
        notice: null,
        evidence: { channel: through, actor: 'self', caller: 'portal', origin },
        brand: ofBrand,
        attributes: {},
      })),
  );

/** Something made of what was drawn. */
const act =
  <T>(happens: (ledger: MemoryLedger, drawn: T) => unknown) =>
  (drawn: T): Act =>
  (ledger) =>
    happens(ledger, drawn);

const says = fc
  .tuple(wordAbout(ALL), ago)
  .map(act((ledger, [word, before]) => ledger.say({ ...word, decidedAt: ledger.now - before })));
const bundles = fc
  .tuple(fc.constantFrom(...OLDER.bundles.keys()), ago)
  .map(act((ledger, [kind, before]) => ledger.bundle(kind, { decidedAt: ledger.now - before })));
/** Everything is withdrawn, or part of it, and a yes to some of that comes in afterwards, most often an older one. */
const lateYeses = fc.constantFrom(...OLDER.bundles.values()).chain(({ id, purposes }) =>
  fc.tuple(wordAbout(WITHOUT_REASONS.filter((purpose) => purposes.includes(purpose.id))), fc.nat(3)).map(
    act((ledger, [word, hours]) => {
      ledger.bundle(id);
      const yes = word.status === 'objected' || word.status === 'objection_lifted' ? 'objection_lifted' : 'given';
      return ledger.say({ ...word, status: yes, decidedAt: ledger.now + (1 - hours) * (HOUR / 2) });
    }),
  ),
);
const facts = someFacts.map(act((ledger, found) => ledger.register(found)));
const scope = someScope.map(act((ledger, found) => ledger.register(null, [found])));
const time = fc
  .constantFrom(1, 30, 200, 400, 1_200, 2_000)
  .map(act((ledger, days) => ledger.passTo(ledger.now + days * DAY)));
const publishes = fc.constantFrom(OLDER, NEWER).map(act((ledger, version) => ledger.publish(version)));

/** The person says yes again to what can be opened: so an objection to all marketing is taken back. */
export const takesBack =
  (purposes: ReadonlySet<string>): Act =>
  (ledger) => {
    for (const { purpose, scope } of ledger.triples()) {
      if (!purposes.has(purpose.id)) continue;
      const status = purpose.choiceModel === 'opt-in' ? 'given' : 'objection_lifted';
      ledger.say({ purposeId: purpose.id, scope: { level: scope.level, id: scope.id }, status, decidedAt: ledger.now });
    }
  };
const takesAllBack = fc.constantFrom(...OLDER.bundles.values()).map(({ purposes }) => takesBack(new Set(purposes)));

/** A life: facts of an adult customer first, most often, then anything in any order, an hour apart. */
export const life: fc.Arbitrary<readonly Act[]> = fc
  .tuple(
    fc.option(someFacts, { freq: 8 }),
    fc.subarray([...everyScope]),
    fc.array(
      fc.oneof(
        { weight: 6, arbitrary: says },
        { weight: 1, arbitrary: bundles },
        { weight: 1, arbitrary: lateYeses },
        { weight: 1, arbitrary: facts },
        { weight: 1, arbitrary: scope },
        { weight: 1, arbitrary: time },
        { weight: 1, arbitrary: takesAllBack },
        { weight: 1, arbitrary: publishes },
      ),
      { maxLength: 7 },
    ),
  )
  .map(([first, scopes, acts]) => [(ledger) => ledger.register(first, scopes), ...acts]);

export function lived(ledger: MemoryLedger, acts: readonly Act[]): MemoryLedger {
  for (const act of acts) {
    act(ledger);
    ledger.passTo(ledger.now + HOUR);
  }
  return ledger;
}
