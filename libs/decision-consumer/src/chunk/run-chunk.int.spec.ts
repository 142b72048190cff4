import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { randomUUID } from 'node:crypto';
import { type ConsentDecision } from '@consent/events';
import { type Transaction, withTransaction } from '@consent/postgres';
import { type Arrival, type Entry, type Replay } from '../core/arrival.js';
import { decision, type DecisionInWords } from '../kit/decision.js';
import { club, CLUB } from '../spec/club.js';
import { clubDatabase, type ClubDatabase } from '../spec/club-database.js';
import { moveCursors, readCursors } from '../store/cursors.js';
import { type Applied, type Chunk } from './apply-chunk.js';
import { Breaker } from './breaker.js';
import { anySystem } from './run-effects.js';
import { type ChunkRunner, runChunk } from './run-chunk.js';

let db: ClubDatabase;
beforeAll(async () => {
  db = await clubDatabase();
});
afterAll(() => db.drop());
beforeEach(() => db.clear());

let offset = 0;
const arrival = (d: ConsentDecision, more: Partial<Arrival> = {}): Arrival => ({
  decision: d,
  record: {
    topic: 'decisions',
    partition: 3,
    offset: offset++,
    timestamp: 0,
    key: Buffer.from(d.subjectId),
    value: Buffer.from('original bytes'),
    headers: { traceparent: '00-1-2-01' },
  },
  replay: null,
  parkedId: null,
  ...more,
});
const replayed = (d: ConsentDecision, mode: Replay['mode']): Arrival =>
  arrival(d, { replay: { id: 'run-1', mode, ledgerHead: true } });
const of = (words: DecisionInWords, fault?: string): ConsentDecision =>
  decision(CLUB, words, fault ? { attributes: { fault } } : {});
const open = (version: number, fault?: string) => of({ purposeId: 'club', version }, fault);
const failing = (d: ConsentDecision, fault: string): ConsentDecision => ({ ...d, attributes: { fault } });
const close = (version: number, fault?: string) => of({ purposeId: 'club', version, closes: true }, fault);

const runner = (change: Partial<ChunkRunner> = {}): ChunkRunner => ({
  system: anySystem(club),
  breaker: new Breaker(50),
  transact: (work) => withTransaction(db.dataSource, work),
  stopped: AbortSignal.timeout(20_000),
  now: Date.now,
  onRetry: () => undefined,
  onClosingFailed: () => undefined,
  ...change,
});
const apply = (decisions: readonly (ConsentDecision | Entry)[], change?: Partial<ChunkRunner>): Promise<Applied> =>
  runChunk({ entries: decisions.map((d) => ('record' in d ? d : arrival(d))), moves: [] }, runner(change));
const said = ({ concluded }: Applied) =>
  concluded.map((c) => `${c.arrival.decision.version} ${c.outcome}${c.reason ? ` ${c.reason}` : ''}`);

const members = () =>
  db.rows<{ allowed: boolean; version: string; points: number }>('SELECT allowed, version, points FROM member');
const inForce = () => db.rows('SELECT allowed, version::int FROM permission_in_force');
const parked = () =>
  db.rows<{ id: string; version: number; reason: string; outcome: string | null }>(
    'SELECT id, version::int, reason, outcome FROM parked_decision ORDER BY version',
  );

describe('a chunk', () => {
  it('erases what was collected before a withdrawal, though a new grant followed it in the same chunk', async () => {
    await apply([open(1)]);
    await db.rows('UPDATE member SET points = 9');
    const applied = await apply([close(2), open(3)]);
    expect(await members()).toEqual([{ allowed: true, version: '3', points: 0 }]);
    expect(said(applied)).toEqual(['2 superseded', '3 applied']);
    expect(applied.concluded[0]?.effects).toEqual([{ effect: 'members left', count: 1 }]);
  });

  it('is applied once, and acknowledged again with the first time and effects', async () => {
    const d = open(1);
    const first = await apply([d], { now: () => 1_000_000 });
    const again = await apply([d], { now: () => 2_000_000 });
    expect(again.concluded.map(({ appliedAt, effects, outcome }) => ({ appliedAt, effects, outcome }))).toEqual([
      { appliedAt: 1_000_000, effects: [{ effect: 'members welcomed', count: 1 }], outcome: 'applied' },
    ]);
    expect(first.concluded[0]?.effects).toEqual(again.concluded[0]?.effects);
  });

  it('says no_effect where nothing had to change', async () => {
    expect(said(await apply([close(1)]))).toEqual(['1 no_effect']);
  });

  it('takes a heartbeat through everything, without effects', async () => {
    expect(said(await apply([of({ purposeId: 'heartbeat', version: 1 })]))).toEqual(['1 applied']);
    expect(await members()).toEqual([]);
  });

  it('passes over decisions that name other systems', async () => {
    const applied = await apply([{ ...open(1), systems: [] }]);
    expect(applied.concluded).toEqual([]);
    expect(await inForce()).toEqual([]);
  });

  it('treats a purpose without a rule as closed and says so', async () => {
    expect(said(await apply([of({ purposeId: 'raffle', version: 1 })]))).toEqual(['1 rejected no_handler']);
    expect(await inForce()).toEqual([{ allowed: false, version: 1 }]);
  });

  it('records a conflict and lets the closing win', async () => {
    const first = open(4);
    await apply([first]);
    const other = close(4);
    expect(said(await apply([other]))).toEqual(['4 conflict same_version']);
    expect(await members()).toMatchObject([{ allowed: false }]);
    expect(await db.rows('SELECT decision_id, held_decision_id FROM decision_conflict')).toEqual([
      { decision_id: other.decisionId, held_decision_id: first.decisionId },
    ]);
    expect(said(await apply([first]))).toEqual(['4 conflict same_version']);
    expect(await inForce()).toEqual([{ allowed: false, version: 4 }]);
  });

  it('does nothing at or below the erasure floor', async () => {
    await db.rows('INSERT INTO subject_floor (subject_id, version) VALUES ($1, 5)', [open(1).subjectId]);
    expect(said(await apply([open(5)]))).toEqual(['5 superseded below_floor']);
    expect(await members()).toEqual([]);
  });

  it('repairs a business row that differs from the guard', async () => {
    const d = close(2);
    await apply([open(1)]);
    await apply([d]);
    await db.rows('UPDATE member SET allowed = true');
    const replay: Replay = { id: 'run-1', mode: 'repair', ledgerHead: false };
    const applied = await apply([arrival(d, { replay })]);
    expect(said(applied)).toEqual(['2 applied']);
    expect(await members()).toMatchObject([{ allowed: false }]);
  });
});

describe('a poison record', () => {
  it.each(['stumble', 'regret', 'rule'])('that fails by %s parks alone; its neighbours are applied', async (fault) => {
    const neighbours = [1, 2, 3, 4, 5, 6].map(() => of({ purposeId: 'club', version: 1, subjectId: randomUUID() }));
    const applied = await apply([...neighbours.slice(0, 3), open(1, fault), ...neighbours.slice(3)]);
    expect(applied).toMatchObject({ parked: [{ reason: 'effect_failed' }], failed: 1 });
    expect(await parked()).toMatchObject([{ version: 1, reason: 'effect_failed', outcome: null }]);
    expect((await members()).length).toBe(6);
  });

  it('keeps its bytes, key, headers and place', async () => {
    await apply([open(1, 'stumble')]);
    const [row] = await db.rows('SELECT record_key, record_value, headers, topic, partition FROM parked_decision');
    expect(row).toEqual({
      record_key: Buffer.from(open(1).subjectId),
      record_value: Buffer.from('original bytes'),
      headers: { traceparent: '00-1-2-01' },
      topic: 'decisions',
      partition: 3,
    });
  });

  it('closes what was open while it is parked', async () => {
    await apply([open(1)]);
    const applied = await apply([open(2, 'trip')]);
    expect(said(applied)).toEqual(['2 parked effect_failed']);
    expect(applied.concluded[0]?.appliedAt).toBeNull();
    expect(await members()).toMatchObject([{ allowed: false }]);
    expect(await inForce()).toEqual([{ allowed: false, version: 1 }]);
  });

  it('that cannot even be closed is not in force, and is reported', async () => {
    await apply([open(1)]);
    const reported: unknown[] = [];
    await apply([open(2, 'stumble')], { onClosingFailed: (error) => reported.push(error) });
    expect(reported).toHaveLength(1);
    expect(await inForce()).toEqual([{ allowed: false, version: 1 }]);
  });

  it('is parked once, however often it is read', async () => {
    const poison = arrival(open(1, 'stumble'));
    await apply([poison]);
    expect(said(await apply([poison]))).toEqual(['1 parked effect_failed']);
    expect(await parked()).toHaveLength(1);
  });

  it('stays one row when it comes twice in a chunk, and when it is replayed and fails again', async () => {
    const d = open(1, 'stumble');
    await apply([d, d]);
    for (const mode of ['redeliver', 'repair'] as const)
      expect(said(await apply([replayed(d, mode), replayed(d, mode)]))).toEqual(
        Array(2).fill('1 parked effect_failed'),
      );
    expect(await parked()).toMatchObject([{ version: 1, reason: 'effect_failed', outcome: null }]);
  });

  it('delays no closing, and lets openings wait', async () => {
    await apply([open(1)]);
    await apply([open(2, 'trip')]);
    expect(said(await apply([open(3)]))).toEqual(['3 parked waits_for_parked']);
    const applied = await apply([close(4)]);
    expect(said(applied)).toEqual(['4 no_effect']);
    expect(applied.resolved).toBe(2);
    expect((await parked()).map(({ outcome }) => outcome)).toEqual(['superseded', 'superseded']);
    expect(said(await apply([open(5)]))).toEqual(['5 applied']);
    expect(await inForce()).toEqual([{ allowed: true, version: 5 }]);
  });

  it('that is a grant lets the withdrawal before it erase', async () => {
    await apply([open(1)]);
    await db.rows('UPDATE member SET points = 9');
    const applied = await apply([close(2), open(3, 'stumble')]);
    expect(said(applied)).toEqual(['2 applied', '3 parked effect_failed']);
    expect(await members()).toEqual([{ allowed: false, version: '2', points: 0 }]);
  });

  it('that is a withdrawal is not in force, stays visible, and holds openings back', async () => {
    await apply([open(1)]);
    await apply([close(2, 'stumble')]);
    expect(await inForce()).toEqual([{ allowed: false, version: 1 }]);
    expect(said(await apply([open(3)]))).toEqual(['3 parked waits_for_parked']);
  });

  it('is applied when released after the system is mended, with what waited behind it', async () => {
    await apply([open(1)]);
    await apply([close(2, 'stumble')]);
    await apply([open(3)]);
    const [first, second] = await parked();
    const released = [
      arrival(close(2), { parkedId: first?.id ?? '' }),
      arrival(open(3), { parkedId: second?.id ?? '' }),
    ];
    await db.rows('UPDATE member SET points = 9');
    const applied = await apply(released);
    expect(said(applied)).toEqual(['2 superseded', '3 applied']);
    expect(await members()).toEqual([{ allowed: true, version: '3', points: 0 }]);
    expect(await inForce()).toEqual([{ allowed: true, version: 3 }]);
    expect((await parked()).map(({ outcome }) => outcome)).toEqual(['superseded', 'applied']);
  });

  it('stays one parked row when a release fails again', async () => {
    await apply([open(1, 'stumble')]);
    const [row] = await parked();
    await apply([arrival(open(1, 'rule'), { parkedId: row?.id ?? '' })]);
    expect(await parked()).toEqual([{ id: row?.id, version: 1, reason: 'effect_failed', outcome: null }]);
  });

  it.each([
    ['an opening', open, 'trip'],
    ['a closing', close, 'stumble'],
  ])(
    'that is %s which a repair could not apply again stays parked when it is only read again',
    async (_, of, fault) => {
      const d = of(1);
      await apply([d]);
      expect(said(await apply([replayed(failing(d, fault), 'repair')]))).toEqual(['1 parked effect_failed']);
      expect(said(await apply([d, d]))).toEqual(Array(2).fill('1 parked effect_failed'));
      expect(await parked()).toMatchObject([{ version: 1, outcome: null }]);
      expect(await inForce()).toEqual([{ allowed: false, version: 1 }]);
    },
  );

  it('that a repair could not apply again is closed like by a withdrawal, and opens when it is released or replayed', async () => {
    const d = open(1);
    const release = async (): Promise<Entry> => arrival(d, { parkedId: (await parked())[0]?.id ?? '' });
    const again = [release, () => replayed(d, 'redeliver'), () => replayed(d, 'repair')];
    for (const tried of again) {
      await db.clear();
      await apply([d]);
      await db.rows('UPDATE member SET points = 9');
      const repaired = await apply([replayed(failing(d, 'trip'), 'repair')]);
      expect(repaired.concluded[0]?.effects).toEqual([{ effect: 'members left', count: 1 }]);
      expect(await members()).toEqual([{ allowed: false, version: '1', points: 0 }]);
      const applied = await apply([await tried()]);
      expect(said(applied)).toEqual(['1 applied']);
      expect(applied.concluded[0]?.effects).toEqual([{ effect: 'members welcomed', count: 1 }]);
      expect((await parked()).map(({ outcome }) => outcome)).toEqual(['applied']);
      expect(await inForce()).toEqual([{ allowed: true, version: 1 }]);
    }
  });

  it('stops everything once more than the limit would park within a minute', async () => {
    const breaker = new Breaker(3);
    const poisons = [1, 2, 3, 4].map(() => of({ purposeId: 'club', version: 1, subjectId: randomUUID() }, 'rule'));
    await expect(apply(poisons, { breaker })).rejects.toThrow('4 records fail for good within a minute');
    expect(await parked()).toEqual([]);
    await apply(poisons.slice(0, 3), { breaker });
    await expect(apply(poisons.slice(3), { breaker })).rejects.toThrow('at most 3');
  });
});

describe('an unreadable record', () => {
  const garbage = (subjectId: string | null): Entry => ({
    record: { ...arrival(open(1)).record, key: subjectId === null ? null : Buffer.from(subjectId) },
    subjectId,
    reason: 'undecodable',
    detail: 'not the wire format',
    parkedId: null,
  });

  it('holds its whole subject back: openings after it wait, closings pass', async () => {
    const { subjectId } = open(1);
    const applied = await apply([
      open(1),
      garbage(subjectId),
      of({ purposeId: 'club-news', version: 2 }),
      of({ purposeId: 'club-news', version: 3, scopeId: randomUUID(), closes: true }),
    ]);
    expect(said(applied)).toEqual(['1 applied', '2 parked waits_for_parked', '3 no_effect']);
    expect(await db.rows('SELECT count(*)::int AS n FROM permission_in_force WHERE allowed')).toEqual([{ n: 0 }]);
  });

  it('has each decision that waits for it parked once, however often that is replayed, until it is gone', async () => {
    const { subjectId } = open(1);
    await apply([garbage(subjectId)]);
    const news = of({ purposeId: 'club-news', version: 2 });
    const waiting = [open(1), news];
    await apply(waiting);
    for (const mode of ['repair', 'redeliver', 'redeliver', 'redeliver'] as const)
      expect(said(await apply(waiting.map((d) => replayed(d, mode))))).toEqual([
        '1 parked waits_for_parked',
        '2 parked waits_for_parked',
      ]);
    const rows = await parked();
    expect(rows.map(({ version, reason }) => [version, reason])).toEqual([
      [1, 'waits_for_parked'],
      [2, 'waits_for_parked'],
      [null, 'undecodable'],
    ]);
    await db.rows('DELETE FROM parked_decision WHERE scope_id IS NULL');
    expect(said(await apply([replayed(news, 'redeliver')]))).toEqual(['2 applied']);
    expect((await parked()).map(({ outcome }) => outcome)).toEqual([null, 'applied']);
  });

  it('without a readable key holds nobody back', async () => {
    expect(said(await apply([garbage(null), open(1)]))).toEqual(['1 applied']);
    expect(await parked()).toHaveLength(1);
  });
});

describe('what passes by itself', () => {
  /** A transaction that fails once, at the given query or at the commit. */
  function failingOnce(at: number, error: Error, afterCommit = false): ChunkRunner['transact'] {
    let failed = false;
    return (work) =>
      withTransaction(db.dataSource, async (tx) => {
        let queries = 0;
        const watched: Transaction = {
          query: (text, values, name) => {
            if (!failed && !afterCommit && queries++ === at) {
              failed = true;
              throw error;
            }
            return tx.query(text, values, name);
          },
          savepoint: (inner) => tx.savepoint(inner),
        };
        return work(watched);
      }).then((result) => {
        if (afterCommit && !failed) {
          failed = true;
          throw error;
        }
        return result;
      });
  }
  const lost = () => Object.assign(new Error('Connection terminated unexpectedly'), { code: '57P01' });

  it.each([0, 1, 2, 3, 4, 5])(
    'fails the chunk at statement %i, and the chunk is tried again and never parked',
    async (at) => {
      await apply([open(1)]);
      let retries = 0;
      await withTransaction(db.dataSource, (tx) => readCursors(tx, 'decisions', [0]));
      const moves = [{ topic: 'decisions', partition: 0, seen: -1, offset: 2 }];
      const applied = await runChunk(
        { entries: [arrival(close(2)), arrival(open(3))], moves },
        runner({ transact: failingOnce(at, lost()), onRetry: () => retries++ }),
      );
      expect(retries).toBe(1);
      expect(said(applied)).toEqual(['2 superseded', '3 applied']);
      expect(await parked()).toEqual([]);
      expect(await members()).toMatchObject([{ allowed: true, version: '3' }]);
    },
  );

  it('may hit after the commit: the second try finds duplicates', async () => {
    const applied = await apply([open(1)], { transact: failingOnce(0, lost(), true), now: () => 5_000 });
    expect(said(applied)).toEqual(['1 applied']);
    expect(await members()).toHaveLength(1);
  });

  it('includes another writer that was faster: the chunk is planned again on what is there', async () => {
    const transact = failingOnce(99, lost());
    let first = true;
    const racing: ChunkRunner['transact'] = (work) =>
      transact(async (tx) => {
        if (!first) return work(tx);
        first = false;
        let queries = 0;
        return work({
          ...tx,
          // After the lock found nothing and before the write: the other writer commits.
          query: async (text, values, name) => {
            if (++queries === 2) await apply([close(7)]);
            return tx.query(text, values, name);
          },
        });
      });
    expect(said(await apply([open(5)], { transact: racing }))).toEqual(['5 superseded']);
    expect(await members()).toMatchObject([{ allowed: false, version: '7' }]);
  });
});

describe('the applied cursor', () => {
  const moves = (seen: number, next: number): Chunk['moves'] => [
    { topic: 'decisions', partition: 0, seen, offset: next },
  ];
  const cursor = () => withTransaction(db.dataSource, (tx) => readCursors(tx, 'decisions', [0]));

  it('never moves back when records are read again', async () => {
    await cursor();
    await withTransaction(db.dataSource, (tx) => moveCursors(tx, moves(-1, 10)));
    await withTransaction(db.dataSource, (tx) => moveCursors(tx, moves(10, 4)));
    expect(await cursor()).toEqual(new Map([[0, 10]]));
  });

  it('behind what this process wrote means a restored database, and the chunk is rolled back', async () => {
    await cursor();
    const chunk = { entries: [arrival(open(1))], moves: moves(8, 9) };
    await expect(runChunk(chunk, runner())).rejects.toThrow('behind what this process wrote');
    expect(await members()).toEqual([]);
  });
});
