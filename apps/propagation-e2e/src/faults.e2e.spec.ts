import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { SYSTEMS } from '@consent/events';
import { type Evidence } from './checker/evidence.js';
import { judge } from './checker/judge.js';
import { readLedger } from './checker/read-databases.js';
import { faultsAround } from './faults/around.js';
import { type FaultRun, startFaultRun } from './faults/fault-run.js';
import { recordingFaults } from './faults/recording.js';
import { systemFaults } from './faults/systems.js';

let run: FaultRun | undefined;

const theRun = (): FaultRun => {
  if (!run) throw new Error('The run has not started');
  return run;
};

beforeAll(async () => {
  run = await startFaultRun();
}, 240_000);

/** A fault that one test could not undo must not spoil the next. */
beforeEach(async () => {
  const { platform } = theRun().world;
  for (const name of ['postgres', 'kafka', 'consent-service', ...SYSTEMS, 'propagation-monitor'])
    if (!platform.running(name)) await platform.start(name);
}, 60_000);

afterAll(async () => {
  await run?.stopDeciding().catch(() => undefined);
  // Others use the same servers after this.
  for (const name of ['postgres', 'kafka'])
    if (run && !run.world.platform.running(name)) await run.world.platform.start(name);
  await run?.world.stop();
}, 60_000);

describe('While decisions flow', () => {
  recordingFaults(theRun);
  systemFaults(theRun);
  faultsAround(theRun);
});

describe('Afterwards', () => {
  it('every accepted decision is in the ledger, on the topic, in every system it concerns and acknowledged; every closing took effect and nothing ever went back', async () => {
    const { world, stopDeciding, decisions, acknowledgementsOf } = theRun();
    await world.observe();
    await stopDeciding();
    await world.settled();
    await world.observe();
    const evidence: Evidence = {
      history: world.history.read(),
      ledger: (await readLedger(world.platform.databaseUrlOf('consent-service'))).filter(
        ({ subjectId }) => !world.earlier.has(subjectId),
      ),
      decisions: await decisions(),
      acknowledgements: (await Promise.all(SYSTEMS.map(acknowledgementsOf))).flat(),
      effectiveStates: new Map(await Promise.all(SYSTEMS.map(async (id) => [id, await world.statesOf(id)] as const))),
    };
    expect(evidence.ledger.length).toBeGreaterThan(500);
    expect(judge(evidence)).toEqual([]);
  }, 180_000);
});
