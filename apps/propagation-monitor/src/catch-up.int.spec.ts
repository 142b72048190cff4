import { SYSTEMS } from '@consent/events';
import { until } from '@consent/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { monitorUnderTest, type MonitorUnderTest } from './spec/monitor-under-test.js';
import { answerTo, someDecision } from './spec/wire.js';

jest.setTimeout(120_000);

describe('a monitor that starts long after the others', () => {
  let monitor: MonitorUnderTest;
  beforeAll(async () => {
    monitor = await monitorUnderTest();
  });
  afterAll(() => monitor.end());

  it('reads a backlog of 36,000 records to its end, counts every pair once, and calls no system fine before that', async () => {
    const decisions = Array.from({ length: 6_000 }, () => someDecision());
    await monitor.speaker.decide(decisions);
    for (const system of SYSTEMS) await monitor.speaker.answer(decisions.map((decision) => answerTo(decision, system)));
    await monitor.start();
    const tooEarly: string[] = [];
    for (const system of SYSTEMS)
      await until(
        `${system} is counted`,
        async () => {
          const { applied, word } = await monitor.system(system);
          if (applied < decisions.length && word !== 'unknown') tooEarly.push(`${word} with ${applied} applied`);
          return applied === decisions.length;
        },
        { timeoutMs: 90_000, everyMs: 200 },
      );
    expect(tooEarly).toEqual([]);
    // The answers of the backlog may be too old by now to say how a system is.
    const fresh = someDecision();
    await monitor.speaker.decide([fresh]);
    for (const system of SYSTEMS) await monitor.speaker.answer([answerTo(fresh, system)]);
    for (const system of SYSTEMS)
      await until('it is known', async () => (await monitor.system(system)).word === 'in-step');
    for (const system of SYSTEMS) expect(await monitor.system(system)).toMatchObject({ pending: 0, superseded: 0 });
    expect(monitor.crashes).toEqual([]);
  });
});
