import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { type ConsentDecision } from '@consent/events';
import fc from 'fast-check';
import { type DataSource } from 'typeorm';
import { type Effect, type SystemHandler } from '../system-handler.js';
import { decision } from './decision.js';
import { given } from './given.js';
import { holdBack } from './hold-back.js';

export interface SystemUnderTest<E extends Effect> {
  handler: SystemHandler<E>;
  /**
   * Queries that give all that the system holds of the subject $1, but for ids and times that differ from run to run.
   * The scope's id is their column `scope`.
   */
  tables: readonly string[];
  /** Purposes that act on each other, so that half of the decisions shall be about these. */
  entangled?: readonly string[];
  /** Histories tried for the first promise; more find rarer orders. */
  runs?: number;
}

/** What every system promises. */
export interface Promised {
  title: string;
  /** @throws Error with the shortest history found for which it does not hold */
  holds: (dataSource: DataSource) => Promise<void>;
}

/** What each system must keep under the real guard, for any history of decisions: `it.each(conformance(…))('$title', …)`. */
export function conformance<E extends Effect>(system: SystemUnderTest<E>): Promised[] {
  return [
    {
      title: 'ends in the same business state, however decisions fall into chunks and are repeated',
      holds: (dataSource) =>
        fc.assert(
          fc.asyncProperty(historyOf(system), fc.nat(MOST - 1), (history, cut) =>
            sameHoweverCut(system, dataSource, history, cut),
          ),
          { numRuns: system.runs ?? RUNS, includeErrorInReport: true },
        ),
    },
    {
      title: 'shows in its effective state the newest decision of every triple',
      holds: (dataSource) =>
        fc.assert(
          fc.asyncProperty(historyOf(system), (history) => showsTheNewest(system, dataSource, history)),
          { numRuns: RUNS, includeErrorInReport: true },
        ),
    },
    {
      title: 'says in its effective state that what is held back is closed, until it is released',
      holds: async (dataSource) => {
        for (const purposeId of system.handler.purposes) await saysWhatIsHeldBack(system, dataSource, purposeId);
      },
    },
    {
      title: 'takes the end of the retention of some data as no change of what is allowed',
      holds: async (dataSource) => {
        for (const purposeId of system.handler.purposes)
          for (const closes of [false, true]) await keepsWhatIsAllowed(system, dataSource, purposeId, closes);
      },
    },
  ];
}

const RUNS = 15;
/** Decisions of a history. */
const MOST = 24;

interface Choice {
  purposeId: string;
  scope: number;
  closes: boolean;
}

function historyOf<E extends Effect>({ handler, entangled = [] }: SystemUnderTest<E>): fc.Arbitrary<Choice[]> {
  const any = fc.constantFrom(...handler.purposes);
  const purposeId = entangled.length === 0 ? any : fc.oneof(fc.constantFrom(...entangled), any);
  const choice = fc.record({ purposeId, scope: fc.nat(1), closes: fc.boolean() });
  return fc.array(choice, { minLength: 1, maxLength: MOST });
}

async function sameHoweverCut<E extends Effect>(
  { handler, tables }: SystemUnderTest<E>,
  dataSource: DataSource,
  history: readonly Choice[],
  cut: number,
): Promise<void> {
  const [oneByOne, inChunks] = [aSubject(), aSubject()];
  for (const one of made(handler, oneByOne, history)) await apply(handler, dataSource, [one]);
  const all = made(handler, inChunks, history);
  for (const chunk of [all.slice(0, cut), all.slice(cut), all]) await apply(handler, dataSource, chunk);
  const expected = await held(dataSource, tables, oneByOne);
  assert.ok(expected.flat().length > 0, 'the tables give no row of a subject who has decided: nothing is compared');
  assert.deepEqual(await held(dataSource, tables, inChunks), expected);
}

async function showsTheNewest<E extends Effect>(
  { handler }: SystemUnderTest<E>,
  dataSource: DataSource,
  history: readonly Choice[],
): Promise<void> {
  const subject = aSubject();
  const all = made(handler, subject, history);
  await apply(handler, dataSource, all);
  const rows = await dataSource.query<{ row: string }[]>(
    `SELECT concat_ws(' ', scope_id, purpose_id, allowed::text, version) AS row
     FROM effective_state WHERE subject_id = $1`,
    [subject.subjectId],
  );
  const newest = new Map(all.map((one) => [`${one.scope.id} ${one.purposeId}`, one]));
  assert.deepEqual(
    rows.map(({ row }) => row).sort(),
    [...newest].map(([triple, one]) => `${triple} ${one.permission.allowed} ${one.version}`).sort(),
  );
}

/** One triple is parked, then its whole subject; its tables say open all the time. */
async function saysWhatIsHeldBack<E extends Effect>(
  { handler }: SystemUnderTest<E>,
  dataSource: DataSource,
  purposeId: string,
): Promise<void> {
  const subject = aSubject();
  const { subjectId, scopes } = subject;
  for (const one of made(
    handler,
    subject,
    [0, 1].map((scope) => ({ purposeId, scope, closes: false })),
  ))
    await apply(handler, dataSource, [one]);
  const says = async (...expected: string[]) => {
    const rows = await dataSource.query<{ scope: string; says: string }[]>(
      `SELECT scope_id AS scope, CASE WHEN allowed THEN 'open' ELSE 'closed' END || CASE WHEN held_back THEN ', held back' ELSE '' END AS says
       FROM effective_state WHERE subject_id = $1`,
      [subjectId],
    );
    const said = new Map(rows.map((row) => [row.scope, row.says]));
    assert.deepEqual(
      scopes.map((scope) => said.get(scope)),
      expected,
      `effective_state of ${purposeId}`,
    );
  };
  await says('open', 'open');
  const release = await holdBack(dataSource, subjectId, { scopeId: scopes[0] ?? '', purposeId });
  await says('closed, held back', 'open');
  const releaseAll = await holdBack(dataSource, subjectId);
  await says('closed, held back', 'closed, held back');
  await releaseAll();
  await release();
  await says('open', 'open');
}

/** The clock repeats what is in force and names the data; a system that holds none of that kind has nothing to do. */
async function keepsWhatIsAllowed<E extends Effect>(
  { handler }: SystemUnderTest<E>,
  dataSource: DataSource,
  purposeId: string,
  closes: boolean,
): Promise<void> {
  const { subjectId, scopes } = aSubject();
  const say = (version: number, change: Partial<ConsentDecision> = {}) =>
    decision(handler.systemId, { purposeId, version, closes, subjectId, scopeId: scopes[0] ?? '' }, change);
  const noted = say(2, {
    cause: 'clock',
    attributes: { fellDue: 'data-retention' },
    endedCategories: [{ category: 'derived:preference-profile', endedAt: 1 }],
  });
  await given(handler, dataSource)
    .decisions(say(1))
    .when(noted)
    .then(async ([answer]) => {
      assert.equal(answer?.outcome, 'no_effect', `${purposeId}: ${JSON.stringify(answer?.effects)}`);
      const rows = await dataSource.query<object[]>(
        'SELECT allowed, version::int FROM effective_state WHERE subject_id = $1 AND purpose_id = $2',
        [subjectId, purposeId],
      );
      assert.deepEqual(rows, [{ allowed: !closes, version: 2 }]);
    });
}

interface Subject {
  subjectId: string;
  scopes: string[];
}
const aSubject = (): Subject => ({ subjectId: randomUUID(), scopes: [randomUUID(), randomUUID()] });

const made = <E extends Effect>(
  { systemId }: SystemHandler<E>,
  { subjectId, scopes }: Subject,
  history: readonly Choice[],
): ConsentDecision[] =>
  history.map(({ purposeId, scope, closes }, index) =>
    decision(systemId, { purposeId, version: index + 1, closes, subjectId, scopeId: scopes[scope] ?? '' }),
  );

const apply = <E extends Effect>(
  handler: SystemHandler<E>,
  dataSource: DataSource,
  chunk: readonly ConsentDecision[],
): Promise<void> =>
  given(handler, dataSource)
    .when(...chunk)
    .then(() => undefined);

/** Rows of each table, scopes by their place, so that two subjects can be compared. */
async function held(dataSource: DataSource, tables: readonly string[], { subjectId, scopes }: Subject) {
  const found = await Promise.all(tables.map((sql) => dataSource.query<{ scope: string }[]>(sql, [subjectId])));
  return found.map((rows) => rows.map(({ scope, ...row }) => JSON.stringify([scopes.indexOf(scope), row])).sort());
}
