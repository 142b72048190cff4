import { type TestDatabase, testDatabase, type TestTopics, testTopics, until } from '@consent/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { migrations } from './migrations.js';
import { type MonitorProcess, startMonitorProcess } from './spec/monitor-process.js';
import { someDecision, speaker, type Speaker } from './spec/wire.js';

const MINUTE = 60_000;

jest.setTimeout(2 * MINUTE);

describe('replicas of the monitor', () => {
  let db: TestDatabase;
  let topics: TestTopics;
  let voice: Speaker;
  const started: MonitorProcess[] = [];
  const start = async (): Promise<MonitorProcess> => {
    const env = { DATABASE_URL: db.appUrl, KAFKA_TOPIC_PREFIX: topics.prefix, MONITOR_GATHER_MS: '50' };
    const monitor = await startMonitorProcess(env);
    started.push(monitor);
    return monitor;
  };
  const reads = (monitor: MonitorProcess): Promise<boolean> =>
    until('ready', async () => (await monitor.get('/readyz')).status === 200, { timeoutMs: MINUTE });
  const knows = (monitor: MonitorProcess, decisionId: string): Promise<boolean> =>
    until('shown', async () => (await monitor.get(`/v1/decisions/${decisionId}`)).status === 200);

  beforeAll(async () => {
    db = await testDatabase({ migrations });
    topics = await testTopics();
    voice = await speaker(topics);
  }, 2 * MINUTE);
  afterAll(async () => {
    for (const { child } of started) child.kill('SIGKILL');
    await voice.close();
    await topics.drop();
    await db.drop();
  }, MINUTE);

  it('one reads; the other stands by, says so, answers what is stored, and takes over when the first is killed', async () => {
    const first = await start();
    await reads(first);
    const second = await start();
    expect(await second.get('/readyz')).toMatchObject({
      status: 503,
      body: { checks: { topics: { detail: 'another replica reads; this one stands by' } } },
    });
    expect((await second.get('/livez')).status).toBe(200);
    const [before, after] = [someDecision(), someDecision()];
    await voice.decide([before]);
    await knows(first, before.decisionId);
    await knows(second, before.decisionId);

    await first.kill('SIGKILL');
    await voice.decide([after]);
    await reads(second);
    await knows(second, after.decisionId);
  });

  it('one that is frozen gives way, and exits when it wakes', async () => {
    const frozen = started.at(-1) as MonitorProcess;
    const other = await start();
    frozen.child.kill('SIGSTOP');
    await reads(other);
    expect(await frozen.kill('SIGCONT')).toBe(1);
    expect(frozen.log().join('\n')).toContain('Another replica reads since the session was lost');
  });
});
