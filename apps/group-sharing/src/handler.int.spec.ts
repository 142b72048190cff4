import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decisionConsumerMigrations } from '@consent/decision-consumer';
import { decision, given } from '@consent/decision-consumer/kit';
import { type ConsentDecision } from '@consent/events';
import { createDataSource } from '@consent/postgres';
import { testDatabase, type TestDatabase } from '@consent/testing';
import fc from 'fast-check';
import { type DataSource } from 'typeorm';
import { handler } from './handler.js';
import { migrations } from './migrations.js';
import { PURPOSES } from './on-decision.js';

/** All that the system holds of a subject, in its business tables. */
const TABLES = [
  `SELECT scope_id AS scope, purpose_id, shared, version FROM shared_contact WHERE subject_id = $1`,
  `SELECT contact_point_id AS scope, purpose_id, open, version FROM phone WHERE subject_id = $1`,
];

describe('group-sharing under the real guard', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  beforeAll(async () => {
    database = await testDatabase({ migrations: [decisionConsumerMigrations, ...migrations] });
    dataSource = await createDataSource({ url: database.appUrl, applicationName: 'spec' }).initialize();
  });
  afterAll(async () => {
    await dataSource?.destroy();
    await database?.drop();
  });

  it('ends in the same business state, however decisions fall into chunks and are repeated', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(choice, { minLength: 1, maxLength: 24 }), fc.nat(23), async (choices, cut) => {
        const oneByOne = aSubject();
        const inChunks = aSubject();
        await given(handler(), dataSource)
          .decisions(...made(oneByOne, choices))
          .when()
          .then(() => undefined);
        const decisions = made(inChunks, choices);
        for (const chunk of [decisions.slice(0, cut), decisions.slice(cut), decisions])
          await given(handler(), dataSource)
            .when(...chunk)
            .then(() => undefined);
        expect(await held(inChunks)).toEqual(await held(oneByOne));
      }),
      { numRuns: 15 },
    );
  }, 60_000);

  it('shows in its effective state the newest decision of every triple', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(choice, { minLength: 1, maxLength: 24 }), async (choices) => {
        const subject = aSubject();
        const decisions = made(subject, choices);
        await given(handler(), dataSource)
          .when(...decisions)
          .then(() => undefined);
        const newest = new Map(decisions.map((one) => [`${one.scope.id} ${one.purposeId}`, one]));
        expect(await effective(subject)).toEqual(
          [...newest].map(([triple, one]) => `${triple} ${one.permission.allowed} ${one.version}`).sort(),
        );
      }),
      { numRuns: 15 },
    );
  }, 60_000);

  const held = async ({ subjectId, scopes }: Subject) => {
    const tables = await Promise.all(TABLES.map((sql) => dataSource.query<{ scope: string }[]>(sql, [subjectId])));
    return tables.map((rows) => rows.map(({ scope, ...row }) => JSON.stringify([scopes.indexOf(scope), row])).sort());
  };
  const effective = async ({ subjectId }: Subject) => {
    const rows = await dataSource.query<{ row: string }[]>(
      `SELECT concat_ws(' ', scope_id, purpose_id, allowed::text, version) AS row
       FROM effective_state WHERE subject_id = $1`,
      [subjectId],
    );
    return rows.map(({ row }) => row).sort();
  };
});

interface Subject {
  subjectId: string;
  scopes: string[];
}
const aSubject = (): Subject => ({ subjectId: randomUUID(), scopes: [randomUUID(), randomUUID()] });

const choice = fc.record({ purposeId: fc.constantFrom(...PURPOSES), scope: fc.nat(1), closes: fc.boolean() });
type Choice = typeof choice extends fc.Arbitrary<infer C> ? C : never;

const made = ({ subjectId, scopes }: Subject, choices: readonly Choice[]): ConsentDecision[] =>
  choices.map(({ purposeId, scope, closes }, index) =>
    decision('group-sharing', { purposeId, version: index + 1, closes, subjectId, scopeId: scopes[scope] ?? '' }),
  );
