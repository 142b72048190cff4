import { describe, expect, it } from '@jest/globals';
import { until } from '@consent/testing';
import { type Gathered, Gatherer } from './gatherer.js';

const part = (partition: number, records: number, backlog = false): Gathered => ({
  topic: 't',
  partition,
  from: 0,
  next: records,
  records: Array.from({ length: records }, (_, offset) => ({
    topic: 't',
    partition,
    offset,
    timestamp: 0,
    key: null,
    value: null,
    headers: {},
  })),
  backlog,
});

function setUp(apply: (parts: readonly Gathered[]) => Promise<void>) {
  const chunks: number[][] = [];
  const failed: unknown[] = [];
  const gatherer = new Gatherer({
    chunkRecords: 10,
    paceMs: 0,
    apply: async (parts) => {
      chunks.push(parts.map(({ partition }) => partition));
      await apply(parts);
    },
    onFailed: (error) => failed.push(error),
  });
  return { gatherer, chunks, failed };
}

describe('the gatherer', () => {
  it('puts batches of one fetch into one chunk', async () => {
    const { gatherer, chunks } = setUp(async () => undefined);
    await Promise.all([gatherer.add(part(0, 1)), gatherer.add(part(1, 1)), gatherer.add(part(2, 1))]);
    expect(chunks).toEqual([[0, 1, 2]]);
  });

  it('closes a chunk that is full, and never has two in hand', async () => {
    let inHand = 0;
    const { gatherer, chunks } = setUp(async () => {
      expect(++inHand).toBe(1);
      await Promise.resolve();
      inHand--;
    });
    await Promise.all([0, 1, 2, 3].map((partition) => gatherer.add(part(partition, 6))));
    expect(chunks).toEqual([
      [0, 1],
      [2, 3],
    ]);
  });

  it('lets the consumer fetch on while a chunk commits, but only as far as the next chunk', async () => {
    let commit = (): void => undefined;
    const { gatherer } = setUp(() => new Promise((resolve) => (commit = resolve)));
    await gatherer.add(part(0, 10, true));
    await until('the first chunk is in hand', () => gatherer.workSince !== null);
    await gatherer.add(part(1, 10, true));
    let third = false;
    const waiting = gatherer.add(part(2, 10, true)).then(() => (third = true));
    await new Promise((resolve) => setImmediate(resolve));
    expect(third).toBe(false);
    commit();
    await waiting;
    gatherer.close();
    commit();
  });

  it('applies nothing after a failure, and lets the consumer go when closed', async () => {
    const { gatherer, chunks, failed } = setUp(() => Promise.reject(new Error('no')));
    const first = gatherer.add(part(0, 1));
    await until('it has failed', () => failed.length === 1);
    const second = gatherer.add(part(1, 1));
    gatherer.close();
    await Promise.all([first, second]);
    expect(chunks).toEqual([[0]]);
  });
});
