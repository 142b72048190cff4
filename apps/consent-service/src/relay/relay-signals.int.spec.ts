import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { HEADERS, PARTITIONS, SYSTEMS } from '@consent/events';
import { registrySubjectOf } from '@consent/kafka';
import { required, until } from '@consent/testing';
import avsc from 'avsc';
import { HEARTBEAT_SUBJECTS } from './heartbeats.js';
import { newSubject } from './spec-outbox.js';
import { specRelay, type SpecRelay } from './spec-relay.js';

jest.setTimeout(60_000);
const run = promisify(execFile);
let spec: SpecRelay;
beforeAll(async () => {
  spec = await specRelay();
});
afterEach(() => spec.stopRelays());
afterAll(() => spec.close());

/** Bytes of one record by its offset, read by kcat: a Kafka client that shares nothing with ours. */
async function kcat(topic: string, partition: number, offset: number): Promise<{ key: string; value: Buffer }> {
  const args = [
    '-C',
    '-b',
    required('KAFKA_BROKERS'),
    '-t',
    topic,
    '-p',
    `${partition}`,
    '-o',
    `${offset}`,
    '-c',
    '1',
    '-e',
    '-q',
  ];
  const read = async (format: string): Promise<Buffer> => {
    const { stdout } = await run('kcat', [...args, '-D', '', '-f', format], { encoding: 'buffer' }).catch(
      (error: NodeJS.ErrnoException) => {
        if (error.code === 'ENOENT')
          throw new Error('kcat is not installed: this test reads the topics with it; apt-get install kcat');
        throw error;
      },
    );
    return stdout;
  };
  return { key: String(await read('%k')), value: await read('%s') };
}

describe('what leaves the relay', () => {
  it('is read by kcat and decoded by plain Avro with the schema that the registry has for its id', async () => {
    const subjectId = newSubject();
    await spec.start();
    await spec.outbox.insert(spec.outbox.pool, [{ subjectId, version: 12 }]);
    await until('the record', () => spec.versionsOf(subjectId).length >= 1, { timeoutMs: 25_000 });
    const ours = spec.decisions().find(({ decision }) => decision.subjectId === subjectId);
    const { key, value } = await kcat(
      spec.on.topics.decisions,
      ours?.record.partition ?? -1,
      ours?.record.offset ?? -1,
    );

    expect(key).toBe(subjectId);
    expect(value[0]).toBe(0);
    const answer = await fetch(`${required('SCHEMA_REGISTRY_URL')}/schemas/ids/${value.readUInt32BE(1)}`);
    const { schema } = (await answer.json()) as { schema: string };
    const decoded = avsc.Type.forSchema(JSON.parse(schema) as avsc.Schema).fromBuffer(value.subarray(5)) as object;
    expect(decoded).toMatchObject({ subjectId, version: 12, status: 'withdrawn', direction: 'closing' });
    expect(JSON.parse(JSON.stringify(decoded))).toEqual(JSON.parse(JSON.stringify(ours?.decision)));
    const versions = await fetch(
      `${required('SCHEMA_REGISTRY_URL')}/subjects/${registrySubjectOf(spec.on.topics.decisions)}/versions`,
    );
    expect(await versions.json()).toEqual([1]);
  });

  it('has one heartbeat after the other on every partition, each with a higher version, for all systems', async () => {
    await spec.start({ RELAY_HEARTBEAT_MS: 100 });
    const of = (subjectId: string) => spec.heartbeats().filter(({ decision }) => decision.subjectId === subjectId);
    await until('three on each', () => HEARTBEAT_SUBJECTS.every((subjectId) => of(subjectId).length >= 3), {
      timeoutMs: 25_000,
    });
    for (const [partition, subjectId] of HEARTBEAT_SUBJECTS.entries()) {
      const beats = of(subjectId);
      expect(new Set(beats.map(({ record }) => record.partition))).toEqual(new Set([partition]));
      // The same beat may arrive twice; another one never has its version.
      const ids = new Map(beats.map(({ decision }) => [decision.decisionId, decision.version]));
      const versions = [...ids.values()];
      expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
      expect(beats[0]?.decision.systems.map(({ systemId }) => systemId)).toEqual([...SYSTEMS]);
      expect(beats[0]?.header(HEADERS.lane)).toBe('live');
    }
    const { rows } = await spec.outbox.pool.query('SELECT FROM ledger WHERE purpose_id = $1', ['heartbeat']);
    expect(rows).toHaveLength(0);
  });

  it('has heartbeats from one relay only, and goes on with them after a take-over', async () => {
    await Promise.all([spec.start({ RELAY_HEARTBEAT_MS: 200 }), spec.start({ RELAY_HEARTBEAT_MS: 200 })]);
    await until('a beat', async () => (await spec.outbox.waiting()) >= 0 && spec.heartbeats().length > PARTITIONS);
    await spec.outbox.killLeader();
    const before = spec.heartbeats().length;
    await until('beats that go on', () => spec.heartbeats().length >= before + 2 * PARTITIONS);
    const ids = spec.heartbeats().map(({ decision }) => decision.decisionId);
    const repeated = ids.length - new Set(ids).size;
    // The take-over may publish again what its predecessor had published and not deleted: one beat a partition.
    expect(repeated).toBeLessThanOrEqual(PARTITIONS);
  });
});
