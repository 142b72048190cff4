import { HEARTBEAT_PURPOSE } from '@consent/events';
import { until } from '@consent/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import fc from 'fast-check';
import { anyAnswer, anyDecision, anyHeaders } from './spec/hostile.js';
import { monitorUnderTest, type MonitorUnderTest } from './spec/monitor-under-test.js';
import { answerTo, heartbeat, someDecision } from './spec/wire.js';

const GROUP = 'group-sharing';

jest.setTimeout(60_000);

describe('records that say what no database takes', () => {
  let monitor: MonitorUnderTest;

  beforeAll(async () => {
    monitor = await monitorUnderTest();
    await monitor.start();
  }, 60_000);
  afterAll(() => monitor.end(), 60_000);
  afterEach(() => expect(monitor.crashes).toEqual([]));

  /** All partitions are read, and what they held is stored: a decision of each is applied behind. */
  async function readsOn(): Promise<void> {
    const behind = Array.from({ length: 30 }, () => someDecision({}, [GROUP]));
    await monitor.speaker.decide(behind);
    await monitor.speaker.answer(behind.map((decision) => answerTo(decision, GROUP)));
    for (const { decisionId } of behind)
      await until('what follows is applied', async () => (await monitor.state(decisionId, GROUP)) === 'applied');
  }

  it('do not end the watch: a decision with outbox-wait-ms=1e300 counts as one whose wait is unknown', async () => {
    const decision = someDecision({}, [GROUP]);
    await monitor.speaker.decide([decision], '1e300');
    await until('it is seen', async () => (await monitor.view(decision.decisionId)) !== null);
    await monitor.speaker.answer([answerTo(decision, GROUP)]);
    await until('applied', async () => (await monitor.state(decision.decisionId, GROUP)) === 'applied');
    expect((await monitor.view(decision.decisionId))?.systems[0]?.lagMs).toBeLessThan(60_000);
  });

  it('do not end the watch, whatever headers and fields hold, and every system can be asked for afterwards', async () => {
    const beat = heartbeat();
    await monitor.speaker.answer([
      answerTo(beat, GROUP, {
        purposeId: HEARTBEAT_PURPOSE,
        source: { topic: 't', partition: 40_000, offset: -1 },
        parkedRecords: -9_000_000_000_000_000,
      }),
    ]);
    const decisions = fc.sample(anyDecision, 150);
    const headers = fc.sample(anyHeaders, decisions.length);
    for (const [place, decision] of decisions.entries())
      await monitor.speaker.decide([decision], 0, 'live', headers[place]);
    await monitor.speaker.answer(decisions.flatMap((decision) => fc.sample(anyAnswer(decision, GROUP), 1)));
    await readsOn();
    expect((await monitor.system(GROUP)).applied).toBeGreaterThanOrEqual(30);
  });
});
