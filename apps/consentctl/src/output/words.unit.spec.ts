import { describe, expect, it } from '@jest/globals';
import { duration } from './words.js';

describe('Durations', () => {
  it.each([
    [null, '–'],
    [0, '0 ms'],
    [640, '640 ms'],
    [3_240, '3.2 s'],
    [59_999, '60.0 s'],
    [250_000, '4 min 10 s'],
    [7_500_000, '2 h 5 min'],
    [273_600_000, '3 d 4 h'],
    [3_600_000, '1 h'],
  ])('%s ms reads %s', (ms, words) => {
    expect(duration(ms)).toBe(words);
  });
});
