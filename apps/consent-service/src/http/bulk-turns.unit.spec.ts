import { describe, expect, it } from '@jest/globals';
import { BulkTurns } from './bulk-turns.js';

const A_MINUTE = 60_000;

describe('the turns of the bulk lane', () => {
  it('come one by one, however the one before ended, in the order in which they were asked for', async () => {
    const turns = new BulkTurns(() => Promise.resolve(false), A_MINUTE);
    const begun: number[] = [];
    const first = Promise.withResolvers<string>();
    const results = [
      () => first.promise,
      () => Promise.reject(new Error('refused')),
      () => Promise.resolve('third'),
    ].map((work, i) =>
      turns.run(() => {
        begun.push(i);
        return work();
      }),
    );
    const settled = Promise.allSettled(results);
    await new Promise(setImmediate);
    expect(begun).toEqual([0]);
    first.resolve('first');
    expect(await settled).toMatchObject([{ value: 'first' }, { reason: { message: 'refused' } }, { value: 'third' }]);
    expect(begun).toEqual([0, 1, 2]);
  });

  it('wait until the lane has room', async () => {
    const answers = [true, true, false];
    const turns = new BulkTurns(() => Promise.resolve(answers.shift() ?? false), A_MINUTE);
    expect(await turns.run(() => Promise.resolve(answers.length))).toBe(0);
  });

  it('end with what to do when the lane stays full, and the next one is tried for itself', async () => {
    let full = true;
    const turns = new BulkTurns(() => Promise.resolve(full), 1);
    let ran = false;
    const work = () => Promise.resolve((ran = true));
    await expect(turns.run(work)).rejects.toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    expect(ran).toBe(false);
    full = false;
    expect(await turns.run(work)).toBe(true);
  });
});
