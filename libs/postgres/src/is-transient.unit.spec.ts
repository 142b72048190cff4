import { describe, expect, it } from '@jest/globals';
import { isTransient } from './is-transient.js';

const coded = (code: string): Error => Object.assign(new Error('x'), { code });

describe('isTransient', () => {
  it.each([
    '40P01',
    '40001',
    '57P01',
    '57P03',
    '53300',
    '53100',
    '08006',
    '55P03',
    '3D000',
    '55000',
    'ECONNREFUSED',
    'ECONNRESET',
  ])('retries after %s', (code) => {
    expect(isTransient(coded(code))).toBe(true);
    expect(isTransient(new Error('outer', { cause: coded(code) }))).toBe(true);
  });

  it.each(['23505', '23514', '22P02', '42P01', '42501', 'ENOENT'])('does not retry after %s', (code) => {
    expect(isTransient(coded(code))).toBe(false);
  });

  it('knows a lost connection by its message, which carries no code', () => {
    expect(isTransient(new Error('Connection terminated unexpectedly'))).toBe(true);
    expect(isTransient(new Error('value too long'))).toBe(false);
    expect(isTransient('Connection terminated')).toBe(false);
  });
});
