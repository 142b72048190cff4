import { randomUUID } from 'node:crypto';
import { until } from '@consent/testing';
import { describe, expect, it } from '@jest/globals';
import { answerTo, someDecision } from '../spec/wire.js';
import { Gatherer } from './gatherer.js';

const at = (topic: string, offset: number) => ({ topic, partition: 0, offset, timestamp: 1_000 + offset });
const headers = { outboxWaitMs: 0, bulk: false };
const SYSTEM = 'group-sharing';

function recording(holdMs: number) {
  const writes: { ids: string[]; cursors: Record<string, number> }[] = [];
  const failures: unknown[] = [];
  let failure: Error | null = null;
  const gatherer = new Gatherer({
    gatherMs: 10,
    holdMs,
    onFailure: (error) => failures.push(error),
    write: async (portion, cursors) => {
      if (failure) throw failure;
      writes.push({
        ids: [...portion.propagations.keys()],
        cursors: Object.fromEntries(cursors.map(({ topic, offset }) => [topic, offset])),
      });
    },
  });
  return { gatherer, writes, failures, failWith: (error: Error | null) => (failure = error) };
}

describe('gathering', () => {
  it('writes a decision once, when its answers are in, though they came later', async () => {
    const { gatherer, writes } = recording(60_000);
    const decision = someDecision({}, [SYSTEM]);
    await gatherer.add((chunk) => void chunk.addDecision(decision, at('d', 4), headers, Date.now()), {
      topic: 'd',
      partition: 0,
      offset: 5,
    });
    expect(writes).toEqual([]);
    await gatherer.add(
      (chunk) => void chunk.addAcknowledgement(SYSTEM, answerTo(decision, SYSTEM), at('a', 7), Date.now()),
      {
        topic: 'a',
        partition: 0,
        offset: 8,
      },
    );
    expect(writes).toEqual([{ ids: [decision.decisionId], cursors: { d: 5, a: 8 } }]);
  });

  it('keeps the cursor before a decision that is held, so that a crash reads it again', async () => {
    const { gatherer, writes } = recording(60_000);
    const held = someDecision({}, [SYSTEM]);
    const complete = someDecision({}, []);
    await gatherer.add(
      (chunk) => {
        chunk.addDecision(held, at('d', 4), headers, Date.now());
        chunk.addDecision(complete, at('d', 9), headers, Date.now());
      },
      { topic: 'd', partition: 0, offset: 10 },
    );
    expect(writes).toEqual([{ ids: [complete.decisionId], cursors: { d: 4 } }]);
    await gatherer.flush();
    expect(writes[1]).toEqual({ ids: [held.decisionId], cursors: { d: 10 } });
  });

  it('moves the cursor past records that say nothing, and not past one that is held', async () => {
    const { gatherer, writes } = recording(60_000);
    await gatherer.add(() => undefined, { topic: 'd', partition: 0, offset: 3 });
    expect(writes).toEqual([{ ids: [], cursors: { d: 3 } }]);
    const held = someDecision({}, [SYSTEM]);
    await gatherer.add((chunk) => void chunk.addDecision(held, at('d', 3), headers, Date.now()), {
      topic: 'd',
      partition: 0,
      offset: 4,
    });
    await gatherer.add(() => undefined, { topic: 'd', partition: 0, offset: 5 });
    expect(writes).toHaveLength(1);
    await gatherer.flush();
    expect(writes[1]).toEqual({ ids: [held.decisionId], cursors: { d: 5 } });
  });

  it('writes what is held in time, also when nothing more is read', async () => {
    const { gatherer, writes } = recording(30);
    const decision = someDecision({}, [SYSTEM]);
    await gatherer.add((chunk) => void chunk.addDecision(decision, at('d', 0), headers, Date.now()), {
      topic: 'd',
      partition: 0,
      offset: 1,
    });
    await until('written', () => writes.some(({ ids }) => ids.includes(decision.decisionId)));
  });

  it('writes nothing after a write that failed, since cursors would pass what was lost', async () => {
    const { gatherer, writes, failures, failWith } = recording(0);
    const add = (offset: number): Promise<void> =>
      gatherer.add(
        (chunk) =>
          void chunk.addDecision(someDecision({ decisionId: randomUUID() }, []), at('d', offset), headers, Date.now()),
        { topic: 'd', partition: 0, offset: offset + 1 },
      );
    failWith(new Error('broken'));
    await expect(add(0)).rejects.toThrow('broken');
    failWith(null);
    await add(1);
    await gatherer.flush();
    expect(writes).toEqual([]);
    expect(failures).toHaveLength(1);
  });
});
