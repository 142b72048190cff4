import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { conformance, given, systemDatabase, type SystemDatabase } from '@consent/decision-consumer/kit';
import { handler } from './handler.js';
import { migrations } from './migrations.js';
import { decision } from './spec-decision.js';
import { type Spot } from './spots.js';

/** All that the system holds of a subject, in its business tables. */
const TABLES = [
  `SELECT account_id AS scope, purpose_id, eligible, version FROM ad_eligibility WHERE subject_id = $1`,
  `SELECT account_id AS scope, purpose_id, audience FROM ad_profile WHERE subject_id = $1`,
  `SELECT account_id AS scope, purpose_id, allowed, version FROM screen_use WHERE subject_id = $1`,
];

describe('pickx-ad-targeting under the real guard', () => {
  let db: SystemDatabase;
  beforeAll(async () => {
    db = await systemDatabase(migrations);
  });
  afterAll(() => db?.drop());

  it.each(conformance({ handler: handler(), tables: TABLES }))('$title', ({ holds }) => holds(db.dataSource), 60_000);

  describe('given what was chosen for an account', () => {
    const END = Date.UTC(2029, 0, 1);
    const account = { subjectId: randomUUID(), scopeId: randomUUID(), level: 'account' as const };
    const select = (spot: Spot, purposeId: string | null, at: number) =>
      db.dataSource.query(
        `INSERT INTO selection (selection_id, subject_id, account_id, spot, chosen, purpose_id, selected_at)
         VALUES (gen_random_uuid(), $1, $2, $3, 'by-profile', $4, to_timestamp($5::float8 / 1000))`,
        [account.subjectId, account.scopeId, spot, purposeId, at],
      );
    const selections = async () =>
      (
        await db.dataSource.query<{ one: string }[]>(
          `SELECT concat_ws(' ', spot, purpose_id, selected_at >= to_timestamp($2::float8 / 1000)) AS one
             FROM selection WHERE subject_id = $1 ORDER BY 1`,
          [account.subjectId, END],
        )
      ).map(({ one }) => one);
    const ended = (version: number, purpose = 'pickx-content-recommendations') => ({
      ...decision(purpose, 'closing', { ...account, version }),
      cause: 'clock' as const,
      endedCategories: [{ category: 'derived:preference-profile', endedAt: END }],
    });

    beforeAll(async () => {
      await select('recommendations', null, END - 1);
      await select('recommendations', 'pickx-content-recommendations', END - 1);
      await select('recommendations', null, END);
      await select('own-promotion', null, END - 1);
    });

    it('when the retention of that data has ended for recommendations, then those before it are forgotten and all else stays', () =>
      given(handler(), db.dataSource)
        .decisions(decision('pickx-content-recommendations', 'closing', { ...account, version: 1 }))
        .when(ended(2))
        .then(async ([answer]) => {
          expect(answer).toMatchObject({ outcome: 'applied', effects: [{ effect: 'selections forgotten', count: 2 }] });
          expect(await selections()).toEqual(['own-promotion f', 'recommendations t']);
          expect(await db.effectiveState(account.subjectId)).toMatchObject([{ allowed: false, version: '2' }]);
        }));

    it('when it is told again, by a later decision or the same one, then nothing has to change', () =>
      given(handler(), db.dataSource)
        .when(ended(3))
        .then(async ([answer]) => {
          expect(answer).toMatchObject({ outcome: 'no_effect', effects: [] });
          expect(await selections()).toEqual(['own-promotion f', 'recommendations t']);
        }));

    it('when it comes together with a newer decision after a downtime, then it is not lost', () => {
      const [end, newer] = [ended(4, 'pickx-own-promotion'), ended(5, 'pickx-own-promotion')];
      return given(handler(), db.dataSource)
        .when(end, newer)
        .then(async (answers) => {
          expect(answers.map(({ outcome }) => outcome)).toEqual(['superseded', 'applied']);
          expect(await selections()).toEqual(['recommendations t']);
        });
    });
  });
});
