import { createLogger } from '@consent/service-host';
import { required, testTopics, until } from '@consent/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import pg from 'pg';
import { askLedger } from './attest/ask-ledger.js';
import { Attestor } from './attest/attestor.js';
import { SLICE_MS } from './attest/slices.js';
import { type ConsentProcess, startConsentProcess } from './spec/consent-process.js';
import { CLOSED_AFTER_MS, type MonitorUnderTest, monitorUnderTest } from './spec/monitor-under-test.js';

const MINUTE = 60_000;
const EVERY_S = 1;

jest.setTimeout(MINUTE);

describe('the ledger against the topic', () => {
  let consent: ConsentProcess;
  let monitor: MonitorUnderTest;
  /** As the owner of the ledger: loses what the service never would. */
  let owner: pg.Client;
  let admin: pg.Client;
  const words = new Set<string>();
  let noting: NodeJS.Timeout | undefined;

  const shown = async (): Promise<number> => {
    const [row] = await monitor.dataSource.query<{ rows: number }[]>('SELECT count(*)::int AS rows FROM propagation');
    return row?.rows ?? 0;
  };
  /** What the relay was never told of. */
  const publish = (subjectId: string): Promise<unknown> =>
    owner.query(
      `INSERT INTO outbox (lane, kind, position, subject_id, partition)
       SELECT 0, 'decision', position, subject_id, partition FROM ledger JOIN subject USING (subject_id) WHERE subject_id = $1`,
      [subjectId],
    );
  /** Until rounds have been made that began after now. */
  const checkedAnew = async (): Promise<void> => {
    const from = Date.now();
    await until('a round', () => Date.parse(monitor.ledger().checkedAt ?? '') > from, { timeoutMs: MINUTE });
  };

  beforeAll(async () => {
    const topics = await testTopics();
    consent = await startConsentProcess(topics);
    owner = new pg.Client({ connectionString: consent.database.ownerUrl });
    await owner.connect();
    const url = new URL(required('TEST_DATABASE_URL'));
    url.pathname = `/${consent.database.name}`;
    admin = new pg.Client({ connectionString: url.href });
    await admin.connect();
    monitor = await monitorUnderTest(
      { CONSENT_SERVICE_URL: consent.url, CONSENT_TOKEN: consent.readToken, MONITOR_ATTEST_SECONDS: EVERY_S },
      topics,
    );
    await monitor.start();
    noting = setInterval(() => words.add(monitor.ledger().word), 50);
    // What is committed soon after the first heartbeat is not compared.
    const begun = async (): Promise<boolean> => {
      const [row] = await monitor.dataSource.query<{ ready: boolean }[]>(
        'SELECT count(*) = 12 AND max(checked_until) <= now() AS ready FROM ledger_checked',
      );
      return row?.ready === true;
    };
    await until('every partition has a beginning', begun, { timeoutMs: MINUTE });
  }, 3 * MINUTE);
  afterAll(async () => {
    clearInterval(noting);
    await monitor.stop();
    await owner.end();
    await admin.end();
    await consent.end();
    await monitor.end();
  }, MINUTE);

  it('agrees while decisions flow and the monitor restarts, and raises no alarm meanwhile', async () => {
    await until('attested', () => monitor.ledger().word === 'attested', { timeoutMs: MINUTE });
    words.clear();
    let recorded = 0;
    const flow = async (batches: number): Promise<void> => {
      for (let i = 0; i < batches; i++) recorded += (await consent.record(50)).length;
    };
    const flowing = flow(40);
    await until('some are shown', async () => (await shown()) > 0);
    await monitor.stop();
    await monitor.dataSource.query('UPDATE read_cursor SET next_offset = greatest(0, next_offset - 20)');
    await monitor.start();
    await flowing;
    await checkedAnew();
    expect(await shown()).toBe(recorded);
    expect(monitor.ledger()).toMatchObject({ word: 'attested', missing: 0, unrecorded: 0 });
    expect([...words].filter((word) => word !== 'attested' && word !== 'unchecked')).toEqual([]);
  });

  it('calls decisions that wait in the outbox waiting, never missing', async () => {
    const key = '(SELECT (classid::bigint << 32) | objid::bigint FROM pg_locks WHERE pid = $1 AND locktype = $2)';
    const { rows } = await admin.query<{ pid: number }>(
      `SELECT pid FROM pg_locks WHERE locktype = 'advisory' AND granted
          AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
    );
    const relay = rows[0]?.pid;
    // In the queue for the relay's lock before the relay loses it: then it stands by, and publishes nothing.
    const held = owner.query(`SELECT pg_advisory_lock(${key})`, [relay, 'advisory']);
    await until('the lock is waited for', async () => {
      const waiting = await admin.query(`SELECT FROM pg_locks WHERE locktype = 'advisory' AND NOT granted`);
      return waiting.rowCount === 1;
    });
    await admin.query('SELECT pg_terminate_backend($1)', [relay]);
    await held;
    await consent.record(3);
    await checkedAnew();
    expect(monitor.ledger()).toMatchObject({ word: 'attested', missing: 0, waiting: 3 });
    await owner.query('SELECT pg_advisory_unlock_all()');
    await until('nothing waits any more', () => monitor.ledger().waiting === 0, { timeoutMs: MINUTE });
    expect(monitor.ledger()).toMatchObject({ word: 'attested', missing: 0 });
  });

  it('finds a decision whose outbox row was deleted within one round, says how old it is, and forgets nothing', async () => {
    await owner.query(`
      CREATE FUNCTION lose() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NULL; END $$;
      CREATE TRIGGER lose BEFORE INSERT ON outbox FOR EACH ROW WHEN (NEW.kind = 'decision') EXECUTE FUNCTION lose()`);
    const before = Date.now();
    const [lost = ''] = await consent.record(1);
    await owner.query('DROP TRIGGER lose ON outbox');
    await checkedAnew();
    expect(monitor.ledger()).toMatchObject({ word: 'missing', reason: null, missing: 1 });
    expect(monitor.ledger(before + MINUTE).oldestMissingAgeMs).toBeGreaterThan(MINUTE - 6_000);

    await consent.record(50);
    await monitor.stop();
    await monitor.start();
    await checkedAnew();
    expect(monitor.ledger()).toMatchObject({ word: 'missing', missing: 1 });

    await publish(lost);
    await until('it is shown, and the two agree', () => monitor.ledger().word === 'attested', { timeoutMs: MINUTE });
    expect(monitor.ledger()).toMatchObject({ missing: 0, oldestMissingAgeMs: null });
  });

  it('finds a lost decision also where its transaction was committed long after the moment that the ledger gives it', async () => {
    await owner.query(`CREATE TRIGGER lose BEFORE INSERT ON outbox FOR EACH ROW
      WHEN (NEW.kind = 'decision') EXECUTE FUNCTION lose()`);
    // The answer is stored last: the transaction has written its entry, and waits.
    await owner.query('BEGIN; LOCK TABLE idempotency_key IN EXCLUSIVE MODE');
    const from = Date.now();
    const recording = consent.record(1);
    const closedWithoutIt = from + 2 * SLICE_MS + CLOSED_AFTER_MS;
    const checked = (): boolean => Date.parse(monitor.ledger().checkedAt ?? '') > closedWithoutIt;
    await until('its slice is behind', checked, { timeoutMs: MINUTE });
    expect(monitor.ledger()).toMatchObject({ word: 'attested', missing: 0 });
    await owner.query('COMMIT');
    const [lost = ''] = await recording;
    await owner.query('DROP TRIGGER lose ON outbox');
    await checkedAnew();
    expect(monitor.ledger()).toMatchObject({ word: 'missing', missing: 1 });
    await publish(lost);
    await until('it is shown, and the two agree', () => monitor.ledger().word === 'attested', { timeoutMs: MINUTE });
  });

  it('keeps no counts of what both have agreed on', async () => {
    const old = async (): Promise<number> => {
      const [row] = await monitor.dataSource.query<{ rows: number }[]>(
        'SELECT count(*)::int AS rows FROM shown_slice JOIN ledger_checked USING (partition) WHERE slice_start < checked_until',
      );
      return row?.rows ?? -1;
    };
    await until('they are gone', async () => (await old()) === 0, { timeoutMs: MINUTE });
    const [gaps] = await monitor.dataSource.query<{ rows: number }[]>('SELECT count(*)::int AS rows FROM ledger_gap');
    expect(gaps?.rows).toBe(0);
  });

  it.each([
    ['a token without the right to read', () => askLedger(consent.url, 'channel-token'), 'unauthorised'],
    ['a token that nobody knows', () => askLedger(consent.url, 'no-token'), 'unauthorised'],
    ['an address where nobody answers', () => askLedger('http://127.0.0.1:1', consent.readToken), 'unreachable'],
    ['a service of another kind', () => askLedger(`${consent.url}/v0`, consent.readToken), 'unexpected-answer'],
  ])('says why it could not check: %s', async (_, ask, reason) => {
    const attestor = new Attestor({
      dataSource: monitor.dataSource,
      logger: createLogger({ service: 'spec', build: 'spec', level: 'silent' }),
      ask: ask(),
      decisionEnds: () => Promise.resolve([]),
      everyMs: 1_000,
    });
    attestor.start();
    try {
      await until('a round was tried', () => attestor.status(Date.now()).reason === reason);
      expect(attestor.status(Date.now())).toMatchObject({ word: 'unchecked', missing: null, checkedAt: null });
    } finally {
      await attestor.stop();
    }
  });
});
