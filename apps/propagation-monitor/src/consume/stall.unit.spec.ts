import { describe, expect, it } from '@jest/globals';
import { Stall } from './stall.js';

describe('stalled reading', () => {
  it('is unhealthy when records have waited for a minute and none was stored', () => {
    const stall = new Stall();
    stall.looked(5, 1_000);
    expect(stall.finding(60_000).ok).toBe(true);
    expect(stall.finding(62_000).ok).toBe(false);
    expect(stall.finding(62_000).detail).toContain('5 records wait');
  });

  it('is healthy with nothing to read, and after progress', () => {
    const stall = new Stall();
    stall.looked(5, 1_000);
    stall.progressed();
    expect(stall.finding(1e9).ok).toBe(true);
    stall.looked(0, 2e9);
    expect(stall.finding(3e9).ok).toBe(true);
  });
});
