import { describe, expect, it } from '@jest/globals';
import { type Signs, wordOf } from './word.js';

const well: Signs = {
  started: true,
  crashed: false,
  breakerOpen: false,
  stalled: false,
  seekingBack: false,
  acknowledgementsBehind: false,
};

describe('wordOf', () => {
  it('says running only when nothing is wrong', () => expect(wordOf(well)).toBe('running'));

  it('says the worst first', () => {
    const all = {
      ...well,
      crashed: true,
      breakerOpen: true,
      stalled: true,
      seekingBack: true,
      acknowledgementsBehind: true,
    };
    expect(wordOf(all)).toBe('crashed');
    expect(wordOf({ ...all, crashed: false })).toBe('breaker-open');
    expect(wordOf({ ...all, crashed: false, breakerOpen: false })).toBe('stalled');
    expect(wordOf({ ...well, seekingBack: true, acknowledgementsBehind: true })).toBe('seeking-back');
    expect(wordOf({ ...well, started: false, acknowledgementsBehind: true })).toBe('starting');
  });
});
