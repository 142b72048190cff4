import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { withTransaction, readerOn } from '@consent/postgres';
import { createLogger, startTelemetry, type Telemetry } from '@consent/service-host';
import { until } from '@consent/testing';
import pg from 'pg';
import { ClockMetrics } from './clock-metrics.js';
import { FIND_DUE } from './due-subjects.js';
import { readDue } from './read-due.js';
import { runDuePortion } from './run-due-portion.js';
import { ClockScheduler } from './scheduler.js';
import { specClocks, type SpecClocks } from './spec-clocks.js';

const MANY = 200_000;
const DUE = Date.parse('2029-08-01T12:00:00Z');

interface Plan {
  'Node Type': string;
  'Index Name'?: string;
  'Actual Rows': number;
  'Rows Removed by Filter'?: number;
  'Shared Hit Blocks': number;
  'Shared Read Blocks': number;
  Plans?: Plan[];
}

describe('the scheduler', () => {
  let clocks: SpecClocks;
  let owner: pg.Client;
  let running: ClockScheduler[] = [];
  beforeAll(async () => {
    clocks = await specClocks();
    owner = new pg.Client({ connectionString: clocks.app.database.ownerUrl });
    await owner.connect();
  }, 30_000);
  afterEach(async () => {
    await Promise.all(running.map((one) => one.stop()));
    running = [];
  });
  afterAll(async () => {
    await owner.end();
    await clocks.close();
  });

  const start = (now: number, onDone = (_: ReadonlyMap<string, number>): void => undefined): ClockScheduler => {
    const scheduler = new ClockScheduler({
      dataSource: clocks.dataSource,
      catalogue: { ...clocks.app.catalogue, refresh: () => Promise.resolve(clocks.app.catalogue.version) },
      clock: () => now,
      logger: createLogger({ service: 'consent-service', build: 'spec', level: 'fatal' }),
      afterCommit: () => undefined,
      onDone,
      portion: 10,
    });
    running.push(scheduler);
    scheduler.start();
    return scheduler;
  };
  const dueSubjects = async (count: number): Promise<string[]> => {
    const ids: string[] = [];
    for (let i = 0; i < count; i++) {
      const id = await clocks.subject();
      await clocks.decide(id, { decidedAt: '2026-08-01T12:00:00Z' });
      ids.push(id);
    }
    return ids;
  };

  it('does each thing once though two run at once', async () => {
    const ids = await dueSubjects(25);
    start(DUE);
    start(DUE);
    await until('all is done', async () => (await clocks.told(...ids)).length >= 25);
    await until('nothing is due', async () => (await readDue(readerOn(clocks.dataSource), DUE)).subjects === 0);
    expect(await clocks.told(...ids)).toHaveLength(25);
  });

  it('that is cut off after it has appended leaves nothing, and the next one does all of it once', async () => {
    const [id = ''] = await dueSubjects(1);
    await owner.query('BEGIN');
    await owner.query('SELECT FROM current_state WHERE subject_id = $1 FOR UPDATE', [id]);
    // Without the scheduler's own limits, so that it waits where the test holds it: after the entries, before the mark.
    const cut = clocks.run(DUE).then(
      () => 'done',
      () => 'cut',
    );
    const waiting = await until('the portion waits at the states', async () => {
      const { rows } = await clocks.app.sql.query<{ pid: number }>(
        `SELECT pid FROM pg_stat_activity
          WHERE datname = current_database() AND wait_event_type = 'Lock' AND query LIKE '%INSERT INTO current_state%'`,
      );
      return rows[0];
    });
    await clocks.app.sql.query('SELECT pg_terminate_backend($1)', [waiting.pid]);
    expect(await cut).toBe('cut');
    await owner.query('ROLLBACK');
    expect(await clocks.told(id)).toEqual([]);
    start(DUE);
    await until('the next one has done it', async () => (await clocks.told(id)).length > 0);
    expect(await clocks.told(id)).toHaveLength(1);
  });

  it('stands by while another one works', async () => {
    const [id] = await dueSubjects(1);
    await owner.query('BEGIN');
    await owner.query('SELECT FROM current_state WHERE subject_id = $1 FOR UPDATE', [id]);
    const first = clocks.run(DUE);
    await until('the first one works', async () => (await clocks.run(DUE)).kind === 'other-scheduler');
    await owner.query('ROLLBACK');
    expect(await first).toMatchObject({ kind: 'done' });
  });

  it('holds nobody up for one whose clocks fail, sets that one aside, and does it when it can', async () => {
    const ids = await dueSubjects(3);
    const [stuck = '', ...others] = ids;
    await owner.query('BEGIN');
    await owner.query('SELECT FROM current_state WHERE subject_id = $1 FOR UPDATE', [stuck]);
    const scheduler = start(DUE);
    await until('the others are done', async () => (await clocks.told(...others)).length === 2, { timeoutMs: 30_000 });
    await until('it is set aside', () => scheduler.setAside === 1, { timeoutMs: 30_000 });
    // Not done, and not forgotten: it is still due.
    expect(await readDue(readerOn(clocks.dataSource), DUE + 60_000)).toMatchObject({ subjects: 1, oldestAge: 60 });
    await owner.query('ROLLBACK');
    await until('it is done', async () => (await clocks.told(stuck)).length === 1, { timeoutMs: 30_000 });
  }, 60_000);

  it('counts the age of what became known late from then on, not from its moment', async () => {
    const ended = { contractStart: '2010-01-01T00:00:00Z', contractEnd: '2015-03-01T12:00:00Z' };
    await clocks.subject({ roles: ['ex-customer'], ...ended });
    const known = Date.now();
    const { subjects, oldestAge } = await readDue(readerOn(clocks.dataSource), known + 90_000);
    expect(subjects).toBe(1);
    expect(Math.abs(oldestAge - 90)).toBeLessThan(30);
    await clocks.run(known);
  });

  it('passes over whom another transaction holds, does the rest of the portion meanwhile, and that one in a later round', async () => {
    const [held = '', ...others] = await dueSubjects(5);
    await owner.query('BEGIN');
    await owner.query('SELECT FROM subject WHERE subject_id = $1 FOR UPDATE', [held]);
    const portions: number[] = [];
    const scheduler = start(DUE, (done) => portions.push(done.get('consent') ?? 0));
    await until('a portion is done', () => portions.length > 0);
    expect(portions).toEqual([4]);
    expect(await clocks.told(...others)).toHaveLength(4);
    expect(await clocks.told(held)).toEqual([]);
    expect(await readDue(readerOn(clocks.dataSource), DUE + 60_000)).toMatchObject({ subjects: 1, oldestAge: 60 });
    expect([scheduler.setAside, scheduler.lastError]).toEqual([0, null]);
    await owner.query('ROLLBACK');
    await until('it is done', () => portions.length > 1);
    expect(portions).toEqual([4, 1]);
    expect(await clocks.told(held)).toHaveLength(1);
  });

  it('does those that are due behind as many held ones as a portion takes', async () => {
    const ids = await dueSubjects(11);
    const held = ids.toSorted().slice(0, 10);
    const free = ids.filter((id) => !held.includes(id));
    await owner.query("UPDATE subject SET due_at = due_at - interval '1 hour' WHERE subject_id = ANY ($1)", [held]);
    await owner.query('BEGIN');
    await owner.query('SELECT FROM subject WHERE subject_id = ANY ($1) FOR UPDATE', [held]);
    start(DUE);
    await until('the free one is done', async () => (await clocks.told(...free)).length === 1);
    expect(await clocks.told(...held)).toEqual([]);
    await owner.query('ROLLBACK');
    await until('all are done', async () => (await clocks.told(...ids)).length === 11);
  });

  it('shows how many are due, for how long, and what it has done by kind; no number while the database is away', async () => {
    const telemetry: Telemetry = await startTelemetry({ service: 'spec', build: 'spec' });
    let now = DUE - 1;
    let read = () => readDue(readerOn(clocks.dataSource), now);
    const metrics = new ClockMetrics({ meter: telemetry.meter, readDue: () => read(), setAside: () => 3 });
    const valueOf = async (series: RegExp): Promise<number> =>
      Number(
        (await telemetry.metricsText())
          .split('\n')
          .find((line) => !line.startsWith('#') && series.test(line))
          ?.split(' ')
          .at(-1),
      );
    await dueSubjects(2);
    expect(await valueOf(/^consent_clock_due_subjects/)).toBe(0);
    expect(await valueOf(/^consent_clock_oldest_due_age_seconds/)).toBe(0);
    now = DUE + 5_000;
    expect(await valueOf(/^consent_clock_due_subjects/)).toBe(2);
    expect(await valueOf(/^consent_clock_oldest_due_age_seconds/)).toBe(5);
    expect(await valueOf(/^consent_clock_set_aside_subjects/)).toBe(3);
    const result = await clocks.run(now);
    if (result.kind === 'done') metrics.done(result.done);
    expect(await valueOf(/^consent_clock_done_total{.*kind="consent"/)).toBe(2);
    expect(await valueOf(/^consent_clock_due_subjects/)).toBe(0);
    read = () => Promise.reject(new Error('away'));
    expect(await valueOf(/^consent_clock_due_subjects/)).toBeNaN();
    await telemetry.shutdown();
  });

  it(`costs by what is due, not by what exists: of ${MANY} people with clocks it touches the one that is due`, async () => {
    await owner.query(
      `INSERT INTO subject (subject_id, partition, due_at)
       SELECT gen_random_uuid(), 0, timestamptz '2035-01-01' + n * interval '1 minute' FROM generate_series(1, $1::int) AS n`,
      [MANY],
    );
    await owner.query('VACUUM ANALYZE subject');
    await dueSubjects(1);
    const { rows } = await clocks.app.sql.query<{ 'QUERY PLAN': { Plan: Plan }[] }>(
      `EXPLAIN (ANALYZE, BUFFERS, FORMAT JSON) ${FIND_DUE}`,
      [DUE, [], 200],
    );
    const plan = rows[0]?.['QUERY PLAN'][0]?.Plan as Plan;
    const all = (node: Plan): Plan[] => [node, ...(node.Plans ?? []).flatMap(all)];
    const scans = all(plan).filter((node) => node['Node Type'].includes('Scan'));
    expect(scans).toMatchObject([{ 'Index Name': 'subject_due', 'Actual Rows': 1 }]);
    expect(scans[0]?.['Rows Removed by Filter'] ?? 0).toBe(0);
    expect(plan['Shared Hit Blocks'] + plan['Shared Read Blocks']).toBeLessThan(20);

    expect(await readAndDone(DUE)).toMatchObject({ done: new Map([['consent', 1]]), scanned: { subject: 0 } });
  }, 60_000);

  it(`and so for every kind of clock: nothing else of ${MANY} people is read whole, nor their ledger, proofs and objections`, async () => {
    // As many rows as tempt nobody to read a table whole; all of them wait for a later day.
    await owner.query(
      `INSERT INTO objection (objection_id, subject_id, scope_level, scope_id, purpose_id, recorded_by, received_at, reply_by)
       SELECT gen_random_uuid(), s.subject_id, 'person', s.subject_id, 'office-visitor-management', '{web}', now(), '2036-01-01'
         FROM (SELECT subject_id FROM subject WHERE version = 0 AND due_at > '2035-01-01' LIMIT 20000) AS s`,
    );
    await owner.query(
      `INSERT INTO proof_ended (subject_id, scope_level, scope_id, purpose_id, version, ended_at, kept_until)
       SELECT subject_id, 'person', subject_id, 'prospect-newsletter', 1, now(), now() FROM objection`,
    );
    await owner.query(
      `INSERT INTO ledger (subject_id, version, decision_id, scope_level, scope_id, purpose_id, status, direction, allowed, reason,
                           effective, cause, channel, actor, caller, decided_at, received_at, catalogue_version, systems, salt, row_hash)
       SELECT subject_id, 1, gen_random_uuid(), 'person', subject_id, 'prospect-newsletter', 'withdrawn', 'closing', false,
              'withdrawn', true, 'person', 'web', 'self', 'spec', now(), now(), 'v', '[]',
              decode(repeat('00', 16), 'hex'), decode(repeat('00', 32), 'hex')
         FROM objection`,
    );
    await owner.query(
      `INSERT INTO current_state (subject_id, scope_id, purpose_id, scope_level, version, decision_id, position, status, allowed, reason)
       SELECT subject_id, scope_id, purpose_id, scope_level, version, decision_id, position, status, allowed, reason
         FROM ledger WHERE caller = 'spec'`,
    );
    await owner.query('VACUUM ANALYZE objection, proof_ended, ledger, current_state, subject');

    const proven = await clocks.subject();
    await clocks.decide(proven, { decidedAt: '2023-12-01T12:00:00Z' });
    await clocks.decide(proven, { decidedAt: '2024-07-01T12:00:00Z', status: 'withdrawn' });
    const customer = await clocks.subject({ contractEnd: '2027-07-01T12:00:00Z' });
    await clocks.decide(customer, { purposeId: 'ads-data-targeted-advertising' });
    await clocks.run(Date.parse('2027-07-01T12:00:00Z'));
    const replyLate = await clocks.subject({ roles: ['customer', 'prospect'] });
    const objected = { purposeId: 'office-visitor-management', status: 'objection_submitted' };
    await clocks.decide(replyLate, { ...objected, decidedAt: '2026-11-01T12:00:00Z' });
    const { done, scanned } = await readAndDone(DUE);
    expect(scanned).toEqual(NONE);
    expect(done).toEqual(
      new Map<string, number>([
        ['reply', 1],
        ['data', 3],
        ['proof', 1],
      ]),
    );
    expect((await clocks.told(replyLate)).map(({ attributes }) => attributes['fellDue'])).toEqual(['reply']);
  }, 60_000);

  const NONE = { subject: 0, ledger: 0, current_state: 0, objection: 0, proof_ended: 0 };

  /** What a run does, and how many rows of each table it reads by going through the table. */
  const readAndDone = (now: number) =>
    withTransaction(clocks.dataSource, async (tx) => {
      const read = async (): Promise<Map<string, number>> => {
        const { rows } = await tx.query<{ table: string; read: string }>(
          `SELECT relname AS table, seq_tup_read AS read FROM pg_stat_xact_user_tables WHERE relname = ANY ($1)`,
          [Object.keys(NONE)],
        );
        return new Map(rows.map(({ table, read: tuples }) => [table, Number(tuples)]));
      };
      const before = await read();
      const result = await runDuePortion(tx, { catalogue: clocks.app.catalogue, now, limit: 200 });
      const scanned = Object.fromEntries(
        [...(await read())].map(([table, n]) => [table, n - (before.get(table) ?? 0)]),
      );
      return { done: result.kind === 'done' ? result.done : new Map<string, number>(), scanned };
    });
});
