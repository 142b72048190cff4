import { describe, expect, it } from '@jest/globals';
import { benchOptions } from './options.ts';

describe('The arguments of the benchmark', () => {
  it.each([
    ['--nope', "Unknown option '--nope': expected --steps, --rate, "],
    ['--steps=idle,sleep', "--steps: no step is called 'sleep': expected idle, latency, sustained, drain, peer"],
    ['--rate=many', "--rate: 'many' is none: expected a whole number from 1 to 9999999"],
  ])('are refused in one line that says what is expected: %s', (argument, text) => {
    expect(() => benchOptions([argument])).toThrow(text);
  });

  it('may be absent', () => {
    expect(benchOptions([])).toMatchObject({
      steps: ['idle', 'latency', 'sustained', 'drain', 'peer'],
      rate: 1350,
      seconds: 60,
    });
  });
});
