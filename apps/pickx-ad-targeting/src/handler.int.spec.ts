import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { conformance, systemDatabase, type SystemDatabase } from '@consent/decision-consumer/kit';
import { handler } from './handler.js';
import { migrations } from './migrations.js';

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
});
