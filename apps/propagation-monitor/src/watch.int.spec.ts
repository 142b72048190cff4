import { randomUUID } from 'node:crypto';
import { SYSTEMS } from '@consent/events';
import { until } from '@consent/testing';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { monitorUnderTest, type MonitorUnderTest } from './spec/monitor-under-test.js';
import { answerTo, opening, someDecision } from './spec/wire.js';

const DIRECTORY = 'directory-listing';
const GROUP = 'group-sharing';

jest.setTimeout(60_000);

describe('watching decisions and acknowledgements', () => {
  let monitor: MonitorUnderTest;

  beforeAll(async () => {
    monitor = await monitorUnderTest();
    await monitor.start();
  }, 60_000);
  afterAll(() => monitor.end(), 60_000);
  afterEach(() => expect(monitor.crashes).toEqual([]));

  it('shows a decision as pending in each system it concerns, and in no other', async () => {
    const decision = someDecision({}, [DIRECTORY, GROUP]);
    await monitor.speaker.decide([decision]);
    const view = await until('the decision is seen', () => monitor.view(decision.decisionId));
    expect(view?.systems.map(({ systemId, state }) => `${systemId} ${state}`)).toEqual([
      'directory-listing pending',
      'group-sharing pending',
    ]);
    expect(view).toMatchObject({
      direction: 'closing',
      version: 1,
      purposeId: 'profiling',
      subjectId: decision.subjectId,
    });
  });

  it('shows it applied, when, how late and with which effects, once the system has said so', async () => {
    const decision = someDecision({}, [DIRECTORY]);
    await monitor.speaker.decide([decision], 40);
    await until('the decision is seen', () => monitor.view(decision.decisionId));
    await monitor.speaker.answer([answerTo(decision, DIRECTORY)]);
    await until('applied', async () => (await monitor.state(decision.decisionId, DIRECTORY)) === 'applied');
    const pair = (await monitor.view(decision.decisionId))?.systems[0];
    expect(pair?.effects).toEqual([{ effect: 'audiences left', count: 2 }]);
    expect(pair?.lagMs).toBeGreaterThanOrEqual(40);
    expect(pair?.lagMs).toBeLessThan(10_000);
    expect(await monitor.open(DIRECTORY)).not.toContain(decision.decisionId);
  });

  it('takes an acknowledgement that is read before its decision', async () => {
    const decision = someDecision({}, [DIRECTORY, GROUP]);
    await monitor.speaker.answer([answerTo(decision, DIRECTORY)]);
    await until('the answer is seen', () => monitor.view(decision.decisionId));
    expect(await monitor.view(decision.decisionId)).toMatchObject({ direction: null, committedAt: null });
    await monitor.speaker.decide([decision]);
    await until('the decision is seen', async () => (await monitor.view(decision.decisionId))?.direction === 'closing');
    expect(await monitor.state(decision.decisionId, DIRECTORY)).toBe('applied');
    expect(await monitor.state(decision.decisionId, GROUP)).toBe('pending');
    expect(await monitor.open(GROUP)).toContain(decision.decisionId);
    expect(await monitor.open(DIRECTORY)).not.toContain(decision.decisionId);
  });

  it('files a decision under what it says itself, whatever an acknowledgement that was read before it says', async () => {
    const together = someDecision({ version: 3 }, [DIRECTORY]);
    const apart = someDecision({ version: 3 }, [DIRECTORY]);
    const wrongly = { subjectId: randomUUID(), scopeId: randomUUID(), version: 9, purposeId: 'another' };
    await monitor.speaker.answer([answerTo(apart, DIRECTORY, wrongly)]);
    await until('the answer is stored', () => monitor.view(apart.decisionId));
    await monitor.speaker.answer([answerTo(together, DIRECTORY, wrongly)]);
    await monitor.speaker.decide([together, apart]);
    for (const { decisionId, subjectId } of [together, apart]) {
      await until('the decision is seen', async () => (await monitor.view(decisionId))?.direction === 'closing');
      expect(await monitor.view(decisionId)).toMatchObject({
        subjectId,
        scopeId: subjectId,
        version: 3,
        purposeId: 'profiling',
      });
    }
  });

  it('counts a pair once, however often it is acknowledged or published, and keeps the first acknowledgement', async () => {
    const decision = someDecision({}, [GROUP]);
    const before = (await monitor.system(GROUP)).applied;
    await monitor.speaker.decide([decision]);
    await monitor.speaker.answer([answerTo(decision, GROUP)]);
    await until('applied', async () => (await monitor.state(decision.decisionId, GROUP)) === 'applied');
    const first = (await monitor.view(decision.decisionId))?.systems[0];
    const marker = someDecision({ subjectId: decision.subjectId, version: 2 }, [GROUP]);
    await monitor.speaker.decide([decision, marker]);
    await monitor.speaker.answer([answerTo(decision, GROUP, { outcome: 'superseded' }), answerTo(marker, GROUP)]);
    await until('all is read', async () => (await monitor.state(marker.decisionId, GROUP)) === 'applied');
    expect((await monitor.view(decision.decisionId))?.systems[0]).toEqual(first);
    expect((await monitor.system(GROUP)).applied - before).toBe(2);
  });

  it('keeps a parked pair open and ageing until it is applied', async () => {
    const decision = someDecision({}, [DIRECTORY]);
    await monitor.speaker.decide([decision]);
    await monitor.speaker.answer([
      answerTo(decision, DIRECTORY, { outcome: 'parked', reason: 'effect_failed', appliedAt: null, effects: [] }),
    ]);
    await until('parked', async () => (await monitor.state(decision.decisionId, DIRECTORY)) === 'parked');
    const now = Date.now();
    const status = await monitor.system(DIRECTORY, now);
    expect(status.parked).toBe(1);
    expect((await monitor.system(DIRECTORY, now + 3_600_000)).oldestUnacknowledgedAgeMs).toBe(
      (status.oldestUnacknowledgedAgeMs ?? 0) + 3_600_000,
    );
    expect(await monitor.open(DIRECTORY)).toContain(decision.decisionId);
    await monitor.speaker.answer([answerTo(decision, DIRECTORY)]);
    await until('applied', async () => (await monitor.state(decision.decisionId, DIRECTORY)) === 'applied');
    expect((await monitor.system(DIRECTORY)).parked).toBe(0);
  });

  it.each(['conflict', 'rejected'] as const)('never takes an answer %s for compliance', async (outcome) => {
    const decision = someDecision({}, [GROUP]);
    await monitor.speaker.decide([decision]);
    await monitor.speaker.answer([answerTo(decision, GROUP, { outcome, reason: 'no_handler', appliedAt: null })]);
    await until(outcome, async () => (await monitor.state(decision.decisionId, GROUP)) === outcome);
    expect(await monitor.open(GROUP)).toContain(decision.decisionId);
    expect((await monitor.system(GROUP)).word).toBe('behind');
    await monitor.speaker.answer([answerTo(decision, GROUP)]);
    await until('applied', async () => (await monitor.state(decision.decisionId, GROUP)) === 'applied');
  });

  it('shows a superseded decision as that', async () => {
    const decision = someDecision({}, [DIRECTORY]);
    await monitor.speaker.decide([decision]);
    await monitor.speaker.answer([answerTo(decision, DIRECTORY, { outcome: 'superseded', effects: [] })]);
    await until('superseded', async () => (await monitor.state(decision.decisionId, DIRECTORY)) === 'superseded');
    expect(await monitor.open(DIRECTORY)).not.toContain(decision.decisionId);
  });

  it('keeps the lag of closings and openings apart', async () => {
    const system = 'pickx-ad-targeting';
    const closing = someDecision({}, [system]);
    const given = someDecision({ ...opening }, [system]);
    await monitor.speaker.decide([closing], 30_000);
    await monitor.speaker.decide([given], 900_000);
    await monitor.speaker.answer([answerTo(closing, system), answerTo(given, system)]);
    await until('applied', async () => (await monitor.state(given.decisionId, system)) === 'applied');
    await until('applied', async () => (await monitor.state(closing.decisionId, system)) === 'applied');
    const { lag } = await monitor.system(system);
    expect(lag.closing.count).toBe(1);
    expect(lag.closing.p50).toBeGreaterThan(28_000);
    expect(lag.closing.p50).toBeLessThan(35_000);
    expect(lag.opening.p99).toBeGreaterThan(850_000);
  });

  it('passes over what it cannot read, and reads on', async () => {
    const names = monitor.topics.topics;
    await monitor.speaker.raw(names.decisions, Buffer.from('no avro'));
    await monitor.speaker.raw(names.acknowledgements(DIRECTORY), Buffer.from([0, 0, 0, 0, 1, 7]));
    const odd = someDecision({ purposeId: 'null' }, [DIRECTORY]);
    const foreign = answerTo(someDecision({}, [GROUP]), GROUP, { subjectId: 'x,y' });
    await monitor.speaker.decide([odd]);
    await monitor.speaker.answer([foreign]);
    const decision = someDecision({}, [...SYSTEMS]);
    await monitor.speaker.decide([decision]);
    await monitor.speaker.answer(
      SYSTEMS.map((system) =>
        answerTo(decision, system, { effects: [{ effect: 'a "quoted", {odd}\0 one', count: 1 }] }),
      ),
    );
    for (const system of SYSTEMS)
      await until(`applied in ${system}`, async () => (await monitor.state(decision.decisionId, system)) === 'applied');
    expect(await monitor.view(odd.decisionId)).toBeNull();
  });

  it('knows nothing of a decision that was never published', async () => {
    expect(await monitor.view(randomUUID())).toBeNull();
  });

  it('opens a pair again when its system has lost what it applied and parks it, until it complies again', async () => {
    const decision = someDecision({}, [DIRECTORY]);
    const marker = someDecision({ subjectId: decision.subjectId, version: 2 }, [DIRECTORY]);
    const state = () => monitor.state(decision.decisionId, DIRECTORY);
    await monitor.speaker.decide([decision], 3_600_000);
    await monitor.speaker.answer([answerTo(decision, DIRECTORY)]);
    await until('applied', async () => (await state()) === 'applied');
    const before = await monitor.system(DIRECTORY);

    await monitor.speaker.answer([answerTo(decision, DIRECTORY, { outcome: 'parked', appliedAt: null, effects: [] })]);
    await until('parked', async () => (await state()) === 'parked');
    expect(await monitor.open(DIRECTORY)).toContain(decision.decisionId);
    const lost = await monitor.system(DIRECTORY);
    expect(lost).toMatchObject({ word: 'behind', applied: before.applied - 1, parkedPairs: before.parkedPairs + 1 });
    // Its age is that of the decision, not of the loss.
    expect(lost.oldestUnacknowledgedAgeMs).toBeGreaterThan(3_600_000);

    await monitor.stop();
    await monitor.dataSource.query('UPDATE read_cursor SET next_offset = 0');
    await monitor.start();
    await monitor.speaker.decide([marker]);
    await monitor.speaker.answer([answerTo(marker, DIRECTORY)]);
    await until('all is read again', async () => (await monitor.state(marker.decisionId, DIRECTORY)) === 'applied');
    expect(await state()).toBe('parked');
    expect(await monitor.system(DIRECTORY)).toMatchObject({
      applied: before.applied,
      takenBack: { applied: before.takenBack.applied + 1, superseded: before.takenBack.superseded },
    });

    await monitor.speaker.answer([answerTo(decision, DIRECTORY), answerTo(decision, DIRECTORY)]);
    await until('applied', async () => (await state()) === 'applied');
    expect(await monitor.open(DIRECTORY)).not.toContain(decision.decisionId);
    expect(await monitor.system(DIRECTORY)).toMatchObject({
      applied: before.applied + 1,
      parkedPairs: before.parkedPairs,
      takenBack: { applied: before.takenBack.applied + 1 },
    });
  });
});
