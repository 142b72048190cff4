/* Cost of one decision at full chunks: node dist/spec/measure-chunk.js, with TEST_DATABASE_URL. Prints µs of CPU. */
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { type ConsentDecision, ConsentDecisionSchema, decisionFormat } from '@consent/events';
import { type ConsumedRecord, RecordReader, type SchemaRegistry } from '@consent/kafka';
import { withTransaction } from '@consent/postgres';
import { Breaker } from '../chunk/breaker.js';
import { readRecords } from '../chunk/read-records.js';
import { runChunk } from '../chunk/run-chunk.js';
import { anySystem } from '../chunk/run-effects.js';
import { decision } from '../kit/decision.js';
import { club, CLUB } from './club.js';
import { clubDatabase } from './club-database.js';

const CHUNK = 2_000;
const CHUNKS = 20;
const TICKS_PER_SECOND = 100;

const db = await clubDatabase();
const registry = { schemaById: () => Promise.resolve(ConsentDecisionSchema as object) } as unknown as SchemaRegistry;
const reader = new RecordReader(decisionFormat(), registry);
const format = decisionFormat();
const people = Array.from({ length: CHUNK * CHUNKS }, () => [randomUUID(), randomUUID()] as const);
const record = (d: ConsentDecision, offset: number): ConsumedRecord => ({
  topic: 't',
  partition: 0,
  offset,
  timestamp: 0,
  key: Buffer.from(d.subjectId),
  value: format.encode(1, d),
  headers: {},
});

const backends = (
  await db.rows<{ pid: number }>('SELECT pid FROM pg_stat_activity WHERE datname = current_database()')
).map(({ pid }) => pid);
const postgresSeconds = (): number =>
  backends.reduce((sum, pid) => {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
    return sum + (Number(fields[11]) + Number(fields[12])) / TICKS_PER_SECOND;
  }, 0);

for (const [name, version, closes] of [
  ['first openings', 1, false],
  ['closings of these', 2, true],
  ['openings again', 3, false],
  ['duplicates', 3, false],
] as const) {
  const chunks = Array.from({ length: CHUNKS }, (_, c) =>
    people
      .slice(c * CHUNK, (c + 1) * CHUNK)
      .map(([subjectId, scopeId], i) =>
        record(
          decision(CLUB, { purposeId: 'club', version, closes, subjectId, scopeId }, { decisionId: subjectId }),
          i,
        ),
      ),
  );
  const before = { node: process.cpuUsage(), pg: postgresSeconds(), at: performance.now() };
  for (const records of chunks)
    await runChunk(
      { entries: await readRecords(records, reader), moves: [] },
      {
        system: anySystem(club),
        breaker: new Breaker(50),
        transact: (work) => withTransaction(db.dataSource, work),
        stopped: AbortSignal.timeout(600_000),
        now: Date.now,
        onRetry: (error) => console.error(error),
        onClosingFailed: () => undefined,
      },
    );
  const node = process.cpuUsage(before.node);
  const n = CHUNK * CHUNKS;
  console.log(
    `${name}: Node ${((node.user + node.system) / n).toFixed(1)} µs, PostgreSQL ${(((postgresSeconds() - before.pg) * 1e6) / n).toFixed(1)} µs, wall ${(((performance.now() - before.at) * 1e3) / n).toFixed(1)} µs a decision`,
  );
}
await db.drop();
