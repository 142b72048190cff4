import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aDecision, specApp, type SpecApp } from '../spec-app.js';
import { type LedgerSlices, PLAN_FOR_MANY, READ_SLICES } from './read-slices.js';

describe('the ledger in slices of time', () => {
  let app: SpecApp;
  const COUNT = 40;
  const read = async (): Promise<LedgerSlices> => {
    const [since, until] = [Date.now() - 1_800_000, Date.now() + 1_800_000].map((at) => new Date(at).toISOString());
    const { status, body } = await app.call<LedgerSlices>(
      'GET',
      `/v1/ledger/digest/slices?since=${since}&until=${until}`,
    );
    expect(status).toBe(200);
    return body;
  };
  const total = ({ slices }: LedgerSlices, of: 'decisions' | 'waiting' | 'idSum'): number =>
    slices.reduce((sum, slice) => sum + slice[of], 0);

  beforeAll(async () => {
    app = await specApp();
    const { body } = await app.call<{ status: number }[]>('POST', '/v1/decisions/batch', {
      body: Array.from({ length: COUNT }, () => aDecision()),
    });
    expect(body.filter(({ status }) => status === 201)).toHaveLength(COUNT);
  }, 60_000);
  afterAll(() => app.close());

  it('counts every decision once, in its bucket and at the time of its commit', async () => {
    const slices = await read();
    expect(total(slices, 'decisions')).toBe(COUNT);
    const { rows } = await app.sql.query<{ committed_at: Date; partition: number; decision_id: string }>(
      'SELECT committed_at, partition, decision_id FROM ledger JOIN subject USING (subject_id)',
    );
    for (const { committed_at, partition } of rows) {
      const start = new Date(Math.floor(committed_at.getTime() / slices.sliceMs) * slices.sliceMs).toISOString();
      expect(slices.slices.some((slice) => slice.bucket === partition && slice.start === start)).toBe(true);
    }
    expect(total(slices, 'idSum')).toBe(
      rows.reduce((sum, { decision_id }) => sum + Number.parseInt(decision_id.slice(-8), 16), 0),
    );
  });

  it('tells what waits in the outbox, and no longer what has left it', async () => {
    expect(total(await read(), 'waiting')).toBe(COUNT);
    await app.sql.query('DELETE FROM outbox WHERE position IN (SELECT position FROM outbox LIMIT 10)');
    const after = await read();
    expect(total(after, 'waiting')).toBe(COUNT - 10);
    expect(total(after, 'decisions')).toBe(COUNT);
  });

  it('compares no entry with the whole outbox, however short the database believes that to be', async () => {
    await app.sql.query('CREATE TEMPORARY TABLE held AS SELECT * FROM outbox');
    await app.sql.query('DELETE FROM outbox');
    await app.sql.query('VACUUM ANALYZE outbox');
    await app.sql.query('INSERT INTO outbox OVERRIDING SYSTEM VALUE SELECT * FROM held');
    await app.sql.query('BEGIN');
    await app.sql.query(PLAN_FOR_MANY);
    const { rows } = await app.sql.query<{ 'QUERY PLAN': object }>(`EXPLAIN (ANALYZE, FORMAT JSON) ${READ_SLICES}`, [
      0,
      Date.now() + 60_000,
    ]);
    await app.sql.query('COMMIT');
    const plan = JSON.stringify(rows[0]?.['QUERY PLAN']);
    expect(plan).toContain('"Relation Name":"outbox"');
    expect(plan).not.toContain('Rows Removed by Join Filter');
  });

  it('is settled up to the beginning of a transaction that has written and not ended, and no further', async () => {
    await app.sql.query('BEGIN');
    const { rows } = await app.sql.query<{ begun: Date }>('SELECT now() AS begun FROM subject LIMIT 1 FOR UPDATE');
    const begun = rows[0]?.begun.toISOString();
    const open = await read();
    expect(open.settledUntil).toBe(begun);
    expect(open.asOf > open.settledUntil).toBe(true);
    await app.sql.query('COMMIT');
    expect((await read()).settledUntil > open.asOf).toBe(true);
  });

  it.each([
    ['a span that ends before it begins', '2026-11-24T10:00:00Z', '2026-11-24T09:00:00Z'],
    ['more than an hour at once', '2026-11-24T09:00:00Z', '2026-11-24T10:00:01Z'],
  ])('refuses %s', async (_, since, until) => {
    const { status } = await app.call('GET', `/v1/ledger/digest/slices?since=${since}&until=${until}`);
    expect([400, 422]).toContain(status);
  });
});
