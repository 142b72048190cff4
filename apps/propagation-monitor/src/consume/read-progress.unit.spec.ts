import { describe, expect, it } from '@jest/globals';
import { ReadProgress } from './read-progress.js';

const ends = (high: number) => new Map([['t', [{ topic: 't', partition: 0, low: 0, high }]]]);
const read = (progress: ReadProgress, offset: number): void => progress.read([{ topic: 't', partition: 0, offset }]);
/** From the start on nothing is missing, unless a test says otherwise. */
function caughtUp(): ReadProgress {
  const progress = new ReadProgress();
  progress.look(ends(0), 500);
  return progress;
}
const at = (progress: ReadProgress, now: number, figuresReadAt = now) =>
  progress.of('t', { now, figuresReadAt }, 15_000);

describe('how far the monitor itself has read', () => {
  it('is behind when what was there at one look is unread at the next', () => {
    const progress = caughtUp();
    read(progress, 5);
    progress.look(ends(10), 1_000);
    progress.look(ends(12), 6_000);
    expect(at(progress, 6_000)).toEqual({ unread: 7, behind: true });
  });

  it('is not behind for what came since the last look', () => {
    const progress = caughtUp();
    progress.look(ends(10), 1_000);
    read(progress, 10);
    progress.look(ends(12), 6_000);
    expect(at(progress, 6_000)).toEqual({ unread: 2, behind: false });
  });

  it('is behind from the start until all that was there at the first look is stored, read is not enough', () => {
    const progress = new ReadProgress();
    progress.look(ends(1_000), 1_000);
    expect(at(progress, 1_000)).toEqual({ unread: 1_000, behind: true });
    read(progress, 1_000);
    progress.look(ends(1_000), 1_500);
    expect(at(progress, 1_500)).toEqual({ unread: 0, behind: true });
    progress.stored([{ topic: 't', partition: 0, offset: 1_000 }]);
    progress.look(ends(1_400), 2_000);
    expect(at(progress, 2_000)).toEqual({ unread: 400, behind: false });
  });

  it('vouches for no figures that were read before it had caught up', () => {
    const progress = caughtUp();
    expect(at(progress, 900, 400).behind).toBe(true);
    expect(at(progress, 900, 600).behind).toBe(false);
  });

  it('proves nothing with an old look, or none', () => {
    const progress = new ReadProgress();
    expect(at(progress, 1_000).behind).toBe(true);
    progress.look(ends(0), 1_000);
    expect(at(progress, 1_000).behind).toBe(false);
    expect(at(progress, 17_000).behind).toBe(true);
  });
});
