import { isDeepStrictEqual } from 'node:util';
import { expect } from '@jest/globals';

/** As `expect(found).toStrictEqual(expected)`, which costs more than the rules do and is asked only for the words of a difference. */
export function expectEqual<T>(found: T, expected: T): void {
  if (!isDeepStrictEqual(found, expected)) expect(found).toStrictEqual(expected);
}
