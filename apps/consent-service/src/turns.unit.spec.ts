import { describe, expect, it } from '@jest/globals';
import { Turns } from './turns.js';

describe('turns', () => {
  it('let in as many as may, and each that ends, well or not, lets in the one that waited longest', async () => {
    const turns = new Turns(4);
    const begun: number[] = [];
    const works = Array.from({ length: 7 }, () => Promise.withResolvers<number>());
    const results = works.map(({ promise }, i) =>
      turns.run(() => {
        begun.push(i);
        return promise;
      }),
    );
    expect(begun).toEqual([0, 1, 2, 3]);
    works[2]?.resolve(2);
    await results[2];
    expect(begun).toEqual([0, 1, 2, 3, 4]);
    works[0]?.reject(new Error('refused'));
    await expect(results[0]).rejects.toThrow('refused');
    expect(begun).toEqual([0, 1, 2, 3, 4, 5]);
    for (const [i, { resolve }] of works.entries()) resolve(i);
    expect(await Promise.all(results.slice(1))).toEqual([1, 2, 3, 4, 5, 6]);
  });
});
