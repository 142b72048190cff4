import { describe, expect, it } from '@jest/globals';
import { mintId } from './mint-id.js';

describe('mintId', () => {
  it('makes UUIDs of version 7 that sort by their time', () => {
    const ids = [1_764_000_000_000, 1_764_000_000_001, 1_900_000_000_000].map(mintId);
    for (const id of ids) expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(ids.toSorted()).toEqual(ids);
  });

  it('makes no id twice', () => {
    expect(new Set(Array.from({ length: 10_000 }, () => mintId(1))).size).toBe(10_000);
  });
});
