import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readerOn, createDataSource, withTransaction } from '@consent/postgres';
import { until } from '@consent/testing';
import { type DataSource } from 'typeorm';
import { aDecision, someFacts, specApp, type SpecApp } from '../spec-app.js';
import { closeReplays } from './close-replays.js';
import { enqueuePortion } from './enqueue-portion.js';
import { type ReplayState } from './read-replay.js';

interface Plan {
  replayId: string | null;
  decisions: number;
  subjects: number;
  perPurpose: Record<string, number>;
}
interface BulkRow {
  position: number;
  headers: Record<string, string>;
}

describe('a replay', () => {
  let app: SpecApp;
  let dataSource: DataSource;
  const subjectId = randomUUID();
  const untoldId = randomUUID();
  const ids: string[] = [];

  beforeAll(async () => {
    app = await specApp();
    dataSource = await createDataSource({ url: app.database.appUrl, applicationName: 'spec' }).initialize();
    for (const id of [subjectId, untoldId]) await app.call('PUT', `/v1/subjects/${id}/facts`, { body: someFacts() });
    for (const [purposeId, status] of [
      ['prospect-newsletter', 'given'],
      ['prospect-newsletter', 'withdrawn'],
      ['prospect-newsletter', 'given'],
      ['event-participation', 'given'],
    ]) {
      const { body } = await app.call<{ decisionId: string }>('POST', '/v1/decisions', {
        body: aDecision({ subjectId, purposeId, status, attributes: { announcedPeriod: 'P6M' } }),
      });
      ids.push(body.decisionId);
    }
  }, 30_000);
  afterAll(async () => {
    await dataSource.destroy();
    await app.close();
  });

  const post = (over: Record<string, unknown>) =>
    app.call<Plan>('POST', '/v1/replays', {
      body: { system: 'marketing-segmentation', mode: 'redeliver', select: { subject: subjectId }, ...over },
    });
  const bulk = async (replayId: string | null): Promise<BulkRow[]> =>
    (
      await app.sql.query<BulkRow>(
        `SELECT position::int, headers FROM outbox WHERE lane = 1 AND headers ->> 'replay-id' = $1 ORDER BY id`,
        [replayId],
      )
    ).rows;
  const enqueued = (replayId: string | null): Promise<ReplayState> =>
    until('all items are in the outbox', async () => {
      const { body } = await app.call<ReplayState>('GET', `/v1/replays/${replayId}`);
      return body.state === 'running' ? null : body;
    });

  it('as a dry run counts exactly what a run would send, and stores nothing', async () => {
    const { status, body } = await post({ dryRun: true });
    expect(status).toBe(200);
    const perPurpose = {
      'prospect-newsletter': 3,
      // The newsletter for customers closed and opened with the other (C42).
      'customer-newsletter': 2,
      // The facts closed what is for others.
      'b2b-direct-marketing-existing': 1,
      'ex-customer-consent-campaign': 1,
      'ex-customer-winback': 1,
    };
    expect(body).toEqual({ replayId: null, decisions: 8, subjects: 1, perPurpose });
    expect((await app.sql.query('SELECT FROM replay_run')).rowCount).toBe(0);
    expect((await post({ dryRun: true, system: 'group-sharing' })).body).toMatchObject({ decisions: 1 });
  });

  it.each([
    ['subject', randomUUID()],
    ['purpose', 'prospect-newsleter'],
  ])('of a %s that nobody knows is refused with the field, and nothing is stored', async (field, found) => {
    for (const dryRun of [true, false])
      expect(await post({ select: { [field]: found }, dryRun })).toMatchObject({
        status: 422,
        body: {
          type: `urn:consent:problem:${field}-unknown`,
          errors: [{ path: `select.${field}`, message: `found "${found}"` }],
        },
      });
    expect((await app.sql.query('SELECT FROM replay_run')).rowCount).toBe(0);
  });

  it.each([
    ['a purpose that nobody decided about', { select: { purpose: 'pickx-personalised-tv-ads' } }],
    ['a subject of whom the system was told nothing', { select: { subject: untoldId }, system: 'group-sharing' }],
    ['a time in the future', { select: { since: '2100-01-01T00:00:00Z' } }],
  ])('of %s is no run: the answer is 200 with a plan of nothing, and nothing is stored', async (_, over) => {
    for (const mode of ['redeliver', 'repair'])
      expect(await post({ ...over, mode })).toMatchObject({
        status: 200,
        body: { replayId: null, decisions: 0, subjects: 0, perPurpose: {} },
      });
    expect((await app.sql.query('SELECT FROM replay_run')).rowCount).toBe(0);
  });

  it('redelivers each decision that concerns the system, in ledger order, to that system', async () => {
    const { status, body } = await post({});
    expect(status).toBe(201);
    expect(body.decisions).toBe(8);
    expect(await enqueued(body.replayId)).toMatchObject({ state: 'enqueued', planned: 8, enqueued: 8 });
    const rows = await bulk(body.replayId);
    expect(rows.map(({ position }) => position)).toEqual(
      rows.map(({ position }) => position).toSorted((a, b) => a - b),
    );
    expect(rows.map(({ headers }) => headers)).toEqual(
      Array(8).fill({
        'replay-id': body.replayId,
        'target-system': 'marketing-segmentation',
        'replay-mode': 'redeliver',
      }),
    );
  });

  it('repairs with the newest truth of each triple it touches, and says that it is the newest', async () => {
    const { body } = await post({ mode: 'repair', select: { decisionIds: ids.slice(0, 1) } });
    expect(body).toMatchObject({ decisions: 1 });
    await enqueued(body.replayId);
    const rows = await bulk(body.replayId);
    expect(rows).toHaveLength(1);
    expect(rows[0]?.headers).toMatchObject({ 'replay-mode': 'repair', 'ledger-head': 'true' });
    const { rows: head } = await app.sql.query('SELECT decision_id FROM ledger WHERE position = $1', [
      rows[0]?.position,
    ]);
    expect(head).toEqual([{ decision_id: ids[2] }]);
  });

  it('keeps to the list it froze, whatever is decided meanwhile', async () => {
    const before = await post({ dryRun: true, select: { purpose: 'prospect-newsletter' } });
    const { body } = await post({ select: { purpose: 'prospect-newsletter', since: '2026-01-01T00:00:00Z' } });
    await app.call('POST', '/v1/decisions', { body: aDecision({ subjectId, status: 'withdrawn' }) });
    expect(body.decisions).toBe(before.body.decisions);
    expect((await enqueued(body.replayId)).enqueued).toBe(before.body.decisions);
  });

  it('is continued where a killed worker left it: nothing twice, nothing missing', async () => {
    const replayId = randomUUID();
    await app.host.app.close();
    await app.sql.query(
      `INSERT INTO replay_run (replay_id, system_id, mode, selection, caller, planned, subjects, per_purpose)
       VALUES ($1, 'marketing-segmentation', 'redeliver', '{}', 'spec', 3, 1, '{}')`,
      [replayId],
    );
    await app.sql.query(
      `INSERT INTO replay_item SELECT $1, row_number() OVER (ORDER BY position), position FROM ledger ORDER BY position LIMIT 3`,
      [replayId],
    );
    const move = (): Promise<string> => withTransaction(dataSource, (tx) => enqueuePortion(tx, 2));
    expect(await move()).toBe('moved');
    const killed = withTransaction(dataSource, async (tx) => {
      await enqueuePortion(tx, 2);
      expect((await tx.query(`SELECT FROM outbox WHERE headers ->> 'replay-id' = $1`, [replayId])).rowCount).toBe(3);
      await tx.query('SELECT pg_terminate_backend(pg_backend_pid())');
    });
    await expect(killed).rejects.toThrow();
    expect(await bulk(replayId)).toHaveLength(2);
    expect(await move()).toBe('moved');
    expect(await move()).toBe('nothing-to-do');
    expect(new Set((await bulk(replayId)).map(({ position }) => position)).size).toBe(3);
  });

  it('is done when the broker has its last record, and not before', async () => {
    const state = async (): Promise<string[]> =>
      (await app.sql.query<{ state: string }>('SELECT DISTINCT state FROM replay_run')).rows.map((row) => row.state);
    await closeReplays(readerOn(dataSource));
    expect(await state()).toEqual(['enqueued']);
    await app.sql.query('DELETE FROM outbox');
    await closeReplays(readerOn(dataSource));
    expect(await state()).toEqual(['done']);
  });
});
