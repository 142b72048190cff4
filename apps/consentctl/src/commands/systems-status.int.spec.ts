import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { SYSTEMS } from '@consent/events';
import { type FakePipeline, fakePipeline } from '../spec/fake-pipeline.js';
import { runCommand } from '../spec/run-command.js';

const system = (systemId: string, more: object = {}) => ({
  systemId,
  word: 'in-step',
  applied: 10,
  pending: 0,
  overdue: 0,
  parked: 0,
  superseded: 0,
  conflicts: 0,
  rejected: 0,
  oldestUnacknowledgedAgeMs: null,
  appliedPerSecond: 1.5,
  lag: { closing: { p50: 12, p95: 20, p99: 31 }, opening: { p50: null, p95: null, p99: null } },
  lastEffect: { effect: 'listings withdrawn', count: 2, at: '2026-11-24T12:00:00.000Z' },
  heartbeat: { lastAt: null, ageMs: 400, lost: 0 },
  ...more,
});

// The polling itself takes seconds, and a busy machine more.
jest.setTimeout(30_000);

describe('consentctl systems status', () => {
  let pipeline: FakePipeline | undefined;
  afterEach(() => pipeline?.close());
  const RUNNING = { word: 'running', detail: null };
  const ACCEPTED = '2026-11-24T12:00:00.000Z';
  const ATTESTED = { word: 'attested', reason: null, missing: 0, unrecorded: 0, waiting: 3, checkedAt: ACCEPTED };
  const statusOf = async (
    line: string,
    more: object = {},
    relay: object = {},
    consumer: object = RUNNING,
    {
      countedUntil = () => ACCEPTED,
      ledger = {},
      monitor = {},
    }: { countedUntil?: () => string | null; ledger?: object; monitor?: object } = {},
  ) => {
    const systems = SYSTEMS.map((id) => system(id, id === 'directory-listing' ? more : {}));
    pipeline = await fakePipeline({
      consent: { 'GET /v1/ledger/digest/slices': () => ({ asOf: ACCEPTED }) },
      monitor: {
        'GET /v1/status': () => ({
          systems,
          relay: { ageMs: 700, stuck: false, ...relay },
          monitor: { unreadDecisions: 0, behind: false, countedUntil: countedUntil(), ...monitor },
          ledger: { ...ATTESTED, ...ledger },
        }),
      },
      system: { 'GET /v1/consumer': () => consumer },
    });
    return runCommand(`systems status ${line}`, pipeline.env);
  };

  const BROKEN = { word: 'breaker-open', detail: '51 records fail for good' };

  it("shows the monitor's word beside the consumer's own, and that a consumer gave no answer", async () => {
    const ended = await statusOf('', { word: 'silent', oldestUnacknowledgedAgeMs: 250_000, pending: 7 }, {}, BROKEN);
    expect(ended).toMatchObject({ exitCode: 0, err: '' });
    expect(ended.out).toMatch(/directory-listing +silent +breaker-open +7 .*4 min 10 s/);
    expect(ended.out).toContain('directory-listing: 51 records fail for good');
    expect(ended.out).toMatch(/group-sharing +in-step +no answer/);
    expect(ended.out).toContain('relay    last heartbeat 700 ms ago');
  });

  it('waits 5 s for a system that is frozen, and shows the figures of after that wait', async () => {
    let asked = 0;
    const frozen = () => {
      asked = performance.now();
      return new Promise<never>(() => {});
    };
    const systems = () => {
      const waited = asked > 0 && performance.now() - asked > 4_000;
      return SYSTEMS.map((id) => system(id, id === 'directory-listing' && waited ? { word: 'silent' } : {}));
    };
    pipeline = await fakePipeline({
      monitor: {
        'GET /v1/status': () => ({
          systems: systems(),
          relay: { ageMs: 700, stuck: false },
          monitor: { unreadDecisions: 0, behind: false, countedUntil: ACCEPTED },
          ledger: ATTESTED,
        }),
      },
      system: { 'GET /v1/consumer': frozen },
    });
    const { out } = await runCommand('systems status', pipeline.env);
    expect(performance.now() - asked).toBeLessThan(12_000);
    expect(out).toMatch(/directory-listing +silent +no answer/);
  });

  it('with --check tells by its exit code whether all are in step, and no consumer contradicts', async () => {
    expect((await statusOf('--check')).exitCode).toBe(0);
    await pipeline?.close();
    expect((await statusOf('--check', { word: 'unknown' })).exitCode).toBe(1);
    await pipeline?.close();
    expect((await statusOf('--check', {}, { stuck: true })).exitCode).toBe(1);
    await pipeline?.close();
    expect((await statusOf('--check', {}, {}, BROKEN)).exitCode).toBe(1);
    await pipeline?.close();
    const parked = await statusOf('--check', {}, {}, { ...RUNNING, parked: 7 });
    expect(parked.exitCode).toBe(1);
    expect(parked.out).toMatch(/directory-listing +in-step +running +0 +0 +7 /);
  });

  it('with --check waits until the monitor has counted what was accepted when it was asked', async () => {
    const moments = [null, '2026-11-24T11:59:59.999Z', ACCEPTED];
    const ended = await statusOf('--check', {}, {}, RUNNING, { countedUntil: () => moments.shift() ?? null });
    expect(ended.exitCode).toBe(0);
    expect(moments).toEqual([]);
    expect(ended.out).toContain(`counted  what was accepted up to ${ACCEPTED}`);
  });

  it('with --check is exit code 1, and says why, when the monitor does not come so far', async () => {
    const ended = await statusOf('--check', {}, {}, RUNNING, { countedUntil: () => null });
    expect(ended.exitCode).toBe(1);
    expect(ended.out).toContain('counted  up to an unknown moment');
    expect(ended.out).toContain('What was accepted just before this question is not counted yet: ask again');
  });

  it.each(['missing', 'unrecorded'])('with --check is exit code 1 when decisions are %s', async (word) => {
    const ended = await statusOf('--check', {}, {}, RUNNING, { ledger: { word, [word]: 2 } });
    expect(ended.exitCode).toBe(1);
    expect(ended.out).toMatch(new RegExp(`ledger   ${word.toUpperCase()} .*: 2 decisions`));
  });

  it.each([
    ['failed', 1],
    ['unreachable', 1],
    ['not-configured', 0],
  ])(
    'with --check is not satisfied with a ledger that nobody could compare: %s, exit code %i',
    async (reason, code) => {
      const ended = await statusOf('--check', {}, {}, RUNNING, { ledger: { word: 'unchecked', reason } });
      expect(ended.exitCode).toBe(code);
      expect(ended.out).toContain(`unchecked against the topic: ${reason}`);
    },
  );

  it('a relay is unknown, not stuck, while the monitor is behind', async () => {
    const behind = { unreadDecisions: 5_068, behind: true };
    for (const relay of [
      { stuck: true, ageMs: 190_000 },
      { stuck: false, word: 'unknown', ageMs: 190_000 },
    ]) {
      const { out } = await statusOf('', {}, relay, RUNNING, { monitor: behind });
      expect(out).toContain('relay    unknown, last heartbeat 3 min 10 s ago as far as the monitor has read\n');
      expect(out).not.toContain('STUCK');
      await pipeline?.close();
    }
  });

  it('a relay that is stuck is said in capitals', async () => {
    expect((await statusOf('', {}, { stuck: true, ageMs: 34_000 })).out).toContain('STUCK, last heartbeat 34.0 s ago');
  });
});
