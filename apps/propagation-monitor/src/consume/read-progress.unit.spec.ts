import { describe, expect, it } from '@jest/globals';
import { ReadProgress } from './read-progress.js';

const ends = (high: number) => new Map([['t', [{ topic: 't', partition: 0, low: 0, high }]]]);
const read = (progress: ReadProgress, offset: number): void => progress.read([{ topic: 't', partition: 0, offset }]);

describe('how far the monitor itself has read', () => {
  it('is behind when what was there at one look is unread at the next', () => {
    const progress = new ReadProgress();
    read(progress, 5);
    progress.look(ends(10), 1_000);
    progress.look(ends(12), 6_000);
    expect(progress.of('t', 6_000, 15_000)).toEqual({ unread: 7, behind: true });
  });

  it('is not behind for what came since the last look', () => {
    const progress = new ReadProgress();
    progress.look(ends(10), 1_000);
    read(progress, 10);
    progress.look(ends(12), 6_000);
    expect(progress.of('t', 6_000, 15_000)).toEqual({ unread: 2, behind: false });
  });

  it('is behind at the first look when anything is unread', () => {
    const progress = new ReadProgress();
    progress.look(ends(1), 1_000);
    expect(progress.of('t', 1_000, 15_000).behind).toBe(true);
  });

  it('proves nothing with an old look, or none', () => {
    const progress = new ReadProgress();
    expect(progress.of('t', 1_000, 15_000).behind).toBe(true);
    progress.look(ends(0), 1_000);
    expect(progress.of('t', 1_000, 15_000).behind).toBe(false);
    expect(progress.of('t', 17_000, 15_000).behind).toBe(true);
  });
});
