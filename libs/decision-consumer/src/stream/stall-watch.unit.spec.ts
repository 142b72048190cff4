import { describe, expect, it } from '@jest/globals';
import { Positions } from './positions.js';
import { StallWatch } from './stall-watch.js';

/** A stream that is silent since 0, on a topic whose only partition ends at `high`. */
function silent(high: number | null) {
  const positions = new Positions();
  positions.assigned(0, 5, 5);
  let lastProgress = 0;
  const watch = new StallWatch({
    streams: [
      {
        topic: 't',
        positions,
        get lastProgress() {
          return lastProgress;
        },
        touch: () => (lastProgress = 60_000),
      },
    ],
    admin: async () => {
      if (high === null) throw new Error('no broker');
      return { partitionRanges: async () => [{ topic: 't', partition: 0, low: 0, high }] };
    },
    limitMs: 60_000,
  });
  return watch;
}

describe('the stall watch', () => {
  it('finds records that wait and do not move, once the limit has passed', async () => {
    const watch = silent(8);
    await watch.look(59_000);
    expect(watch.finding).toBeNull();
    await watch.look(61_000);
    expect(watch.finding).toEqual({ recordsWait: true, detail: '3 records wait in t, and nothing has moved for 61 s' });
  });

  it('takes silence for peace when the broker has nothing more', async () => {
    const watch = silent(5);
    await watch.look(61_000);
    expect(watch.finding).toBeNull();
  });

  it('does not call it fine when the broker does not say', async () => {
    const watch = silent(null);
    await watch.look(61_000);
    expect(watch.finding).toMatchObject({ recordsWait: false });
  });
});
