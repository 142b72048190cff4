import { describe, expect, it } from '@jest/globals';
import { plainArray, textArray } from './array-literals.js';

describe('array literals', () => {
  it('write ids, numbers, booleans and nulls as they are', () => {
    expect(plainArray(['a-b', 1, true, null])).toBe('{a-b,1,true,NULL}');
    expect(plainArray([])).toBe('{}');
  });

  it('quote any text, so that NULL, braces, quotes and backslashes stay text', () => {
    expect(textArray(['NULL', '', null, 'a,{b}', 'say "x"', '\\x00'])).toBe(
      String.raw`{"NULL","",NULL,"a,{b}","say \"x\"","\\x00"}`,
    );
  });
});
