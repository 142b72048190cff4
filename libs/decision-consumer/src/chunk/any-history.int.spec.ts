import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type ConsentDecision } from '@consent/events';
import { withTransaction } from '@consent/postgres';
import fc from 'fast-check';
import { type Arrival } from '../core/arrival.js';
import { decision } from '../kit/decision.js';
import { club, CLUB } from '../spec/club.js';
import { clubDatabase, type ClubDatabase } from '../spec/club-database.js';
import { Breaker } from './breaker.js';
import { anySystem } from './run-effects.js';
import { type ChunkRunner, runChunk } from './run-chunk.js';

let db: ClubDatabase;
beforeAll(async () => {
  db = await clubDatabase();
});
afterAll(() => db.drop());

/** One subject's decisions about three triples, as versions of one order. */
const history = fc.array(fc.record({ triple: fc.nat(2), closes: fc.boolean() }), { minLength: 1, maxLength: 14 });
/** Each read goes back by some and takes some; it may die before or after its commit. */
const reads = fc.array(
  fc.record({
    back: fc.nat(5),
    take: fc.integer({ min: 1, max: 6 }),
    dies: fc.constantFrom('not', 'before', 'after'),
  }),
  { maxLength: 8 },
);

const arrival = (d: ConsentDecision, offset: number): Arrival => ({
  decision: d,
  record: { topic: 't', partition: 0, offset, timestamp: 0, key: null, value: null, headers: {} },
  replay: null,
  parkedId: null,
});

class Died extends Error {}

/** A process that dies once: its transaction is lost, or committed without anybody knowing. */
function runner(dies: 'not' | 'before' | 'after'): ChunkRunner {
  return {
    system: anySystem(club),
    breaker: new Breaker(50),
    transact: async (work) => {
      const result = await withTransaction(db.dataSource, async (tx) => {
        const done = await work(tx);
        if (dies === 'before') throw Object.assign(new Died(), { code: '57P01' });
        return done;
      });
      if (dies === 'after') throw Object.assign(new Died(), { code: '57P01' });
      return result;
    },
    stopped: AbortSignal.abort(),
    now: Date.now,
    onRetry: () => undefined,
    onClosingFailed: () => undefined,
  };
}

describe('any history, cut, repeated and interrupted in any way', () => {
  it('ends in the business state of its newest decisions, with what was withdrawn last erased', async () => {
    await fc.assert(
      fc.asyncProperty(history, reads, async (steps, cuts) => {
        const subjectId = randomUUID();
        const scopes = [randomUUID(), randomUUID(), randomUUID()];
        const all = steps.map(({ triple, closes }, i) =>
          arrival(
            decision(CLUB, { purposeId: 'club', version: i + 1, closes, subjectId, scopeId: scopes[triple] ?? '' }),
            i,
          ),
        );
        let position = 0;
        for (const { back, take, dies } of [...cuts, { back: 2, take: all.length + 2, dies: 'not' as const }]) {
          const from = Math.max(0, position - back);
          const entries = all.slice(from, from + take);
          const survived = await runChunk({ entries, moves: [] }, runner(dies)).then(
            () => true,
            () => false,
          );
          // Whoever died starts again from where it had come; points collected meanwhile belong to the grant in force.
          if (survived) position = Math.max(position, from + take);
          await db.rows('UPDATE member SET points = version WHERE subject_id = $1 AND allowed', [subjectId]);
        }
        const rows = await db.rows<{ scope_id: string; allowed: boolean; version: number; points: number }>(
          'SELECT scope_id, allowed, version::int, points FROM member WHERE subject_id = $1',
          [subjectId],
        );
        for (const [i, scopeId] of scopes.entries()) {
          const last = steps.findLastIndex(({ triple }) => triple === i);
          const row = rows.find((one) => one.scope_id === scopeId);
          if (last < 0) expect(row).toBeUndefined();
          else expect(row).toMatchObject({ allowed: !steps[last]?.closes, version: last + 1 });
          if (steps[last]?.closes) expect(row?.points).toBe(0);
        }
        const inForce = await db.rows<{ scope_id: string; allowed: boolean; version: number }>(
          'SELECT scope_id, allowed, version::int FROM permission_in_force WHERE subject_id = $1',
          [subjectId],
        );
        expect(new Set(inForce.map((r) => `${r.scope_id} ${r.allowed} ${r.version}`))).toEqual(
          new Set(rows.map((r) => `${r.scope_id} ${r.allowed} ${r.version}`)),
        );
      }),
      { numRuns: 40 },
    );
  }, 120_000);
});
