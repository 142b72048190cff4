import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { conformance, systemDatabase, type SystemDatabase } from '@consent/decision-consumer/kit';
import { handler } from './handler.js';
import { migrations } from './migrations.js';

/** All that the system holds of a subject, in its business tables. */
const TABLES = [
  `SELECT scope_id AS scope, purpose_id, shared, version FROM shared_contact WHERE subject_id = $1`,
  `SELECT contact_point_id AS scope, purpose_id, open, version FROM phone WHERE subject_id = $1`,
];

describe('group-sharing under the real guard', () => {
  let db: SystemDatabase;
  beforeAll(async () => {
    db = await systemDatabase(migrations);
  });
  afterAll(() => db?.drop());

  it.each(conformance({ handler: handler(), tables: TABLES }))('$title', ({ holds }) => holds(db.dataSource), 60_000);
});
