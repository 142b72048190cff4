import { describe, expect, it } from '@jest/globals';
import { findStart } from './find-start.js';

describe('findStart', () => {
  it.each([
    ['at the acknowledged cursor', { acknowledged: 7, applied: 9, low: 0, high: 20 }, 7, 'acknowledged', 0],
    [
      'at the beginning when nothing was acknowledged',
      { acknowledged: null, applied: 9, low: 2, high: 20 },
      2,
      'beginning',
      0,
    ],
    [
      'at the applied cursor of a restored database',
      { acknowledged: 7, applied: 3, low: 0, high: 20 },
      3,
      'restored',
      0,
    ],
    ['at the beginning for an empty database', { acknowledged: 7, applied: -1, low: 0, high: 20 }, 0, 'restored', 0],
    [
      'at the first record left, and counts those that expired',
      { acknowledged: 7, applied: 3, low: 5, high: 20 },
      5,
      'restored',
      2,
    ],
    [
      'at the first record left when all acknowledged ones expired',
      { acknowledged: 7, applied: 7, low: 9, high: 20 },
      9,
      'acknowledged',
      2,
    ],
    [
      'at the beginning of a topic that is another one',
      { acknowledged: 7, applied: 7, low: 0, high: 3 },
      0,
      'new-topic',
      0,
    ],
    ['at the end when all is done', { acknowledged: 7, applied: 7, low: 0, high: 7 }, 7, 'acknowledged', 0],
  ] as const)('starts %s', (_title, facts, offset, because, expired) => {
    expect(findStart(facts)).toEqual({ offset, because, expired });
  });
});
