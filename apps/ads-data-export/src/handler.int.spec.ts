import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { conformance, systemDatabase, type SystemDatabase } from '@consent/decision-consumer/kit';
import { handler } from './handler.js';
import { migrations } from './migrations.js';

/** All that the system holds of a subject, in its business tables. */
const TABLES = [
  `SELECT scope_id AS scope, purpose_id, stream, pseudonym IS NULL AS out, version FROM export_membership WHERE subject_id = $1`,
  `SELECT device_id AS scope, purpose_id, party, open, version FROM cookie_gate WHERE subject_id = $1`,
];

describe('ads-data-export under the real guard', () => {
  let db: SystemDatabase;
  beforeAll(async () => {
    db = await systemDatabase(migrations);
  });
  afterAll(() => db?.drop());

  it.each(conformance({ handler: handler(), tables: TABLES }))('$title', ({ holds }) => holds(db.dataSource), 60_000);
});
