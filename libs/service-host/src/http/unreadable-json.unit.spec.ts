import { describe, expect, it } from '@jest/globals';
import { unreadableJson } from './unreadable-json.js';

/** What is said of a text that is no JSON. */
function saidOf(text: string, ...where: [name?: string, firstLine?: number]): string {
  const [name = 'the body', firstLine] = where;
  try {
    JSON.parse(text);
  } catch (error) {
    return unreadableJson(text, error, name, firstLine);
  }
  throw new Error(`this is JSON: ${text}`);
}

describe('where a text stops being JSON', () => {
  it.each([
    ['HELLO', 'line 1, column 1 cannot be read'],
    ['{"a": x}', 'line 1, column 7 cannot be read'],
    ['{"a":}', 'line 1, column 6 cannot be read'],
    ['[1,]', 'line 1, column 4 cannot be read'],
    ['{"a":tru}', 'line 1, column 9 cannot be read'],
    ['{"a":1,}', 'line 1, column 8 cannot be read'],
    ['{"a":01}', 'line 1, column 7 cannot be read'],
    ['[{"a": "\\u00e9", "b": 1},\n {"c": 2, "d": undefined}]', 'line 2, column 16 cannot be read'],
    ['{"a":"b\u0000c"}', 'line 1, column 8 cannot be read'],
    ['{"a": 1', 'the body ends too early, after 7 characters'],
    ['{"a": "b', 'the body ends too early, after 8 characters'],
    ['{"a": tr', 'the body ends too early, after 8 characters'],
    ['{"a": "\\u12', 'the body ends too early, after 11 characters'],
    ['-', 'the body ends too early, after 1 characters'],
  ])('is named: %j', (text, said) => {
    expect(saidOf(text)).toBe(said);
  });

  it('is counted from the line at which the text begins', () => {
    expect(saidOf('{"a": x}', 'line 7', 7)).toBe('line 7, column 7 cannot be read');
    expect(saidOf('{"a"', 'line 7', 7)).toBe('line 7 ends too early, after 4 characters');
  });

  it('is not searched for in a long text', () => {
    expect(saidOf(`{"a": "${'x'.repeat(200_000)}", "b": x}`)).toBe('the body cannot be read');
  });
});
