import { afterAll, beforeAll, describe, it } from '@jest/globals';
import { conformance, systemDatabase, type SystemDatabase } from '@consent/decision-consumer/kit';
import { handler } from './handler.js';
import { migrations } from './migrations.js';

/** All that the system holds of a subject, in its business tables. */
const TABLES = [
  `SELECT scope_id AS scope, purpose_id, macro_segment, version FROM segment_assignment WHERE subject_id = $1`,
  `SELECT scope_id AS scope, purpose_id, sources::text, version FROM score_source WHERE subject_id = $1`,
  `SELECT scope_id AS scope, purpose_id, source, interest, score FROM interest_score WHERE subject_id = $1`,
  `SELECT scope_id AS scope, purpose_id, member, version FROM audience_membership WHERE subject_id = $1`,
  `SELECT contact_point_id AS scope, purpose_id, open, version FROM contact_channel WHERE subject_id = $1`,
  `SELECT device_id AS scope, purpose_id, recognised, version FROM device_recognition WHERE subject_id = $1`,
];

// Segmentation and the sources of scores act on each other, so they come up often.
const entangled = ['customer-base-segmentation', 'tailored-offers-service-usage', 'market-research-participation'];

describe('marketing-segmentation under the real guard', () => {
  let db: SystemDatabase;
  beforeAll(async () => {
    db = await systemDatabase(migrations);
  });
  afterAll(() => db?.drop());

  it.each(conformance({ handler: handler(), tables: TABLES, entangled, runs: 40 }))(
    '$title',
    ({ holds }) => holds(db.dataSource),
    60_000,
  );
});
