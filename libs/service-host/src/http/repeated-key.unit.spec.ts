import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { repeatedKey } from './repeated-key.js';

const found = (text: string) => repeatedKey(text, JSON.parse(text))?.extra.errors?.[0]?.path ?? null;

describe('a repeated key', () => {
  it.each([
    ['{"status":"withdrawn","a":1,"status":"given"}', 'status'],
    ['{"scope": {"id" : 1,\n"id":2}}', 'scope.id'],
    ['[{"a":1},{"b":[{"c":1},{"c":1,"c":2}]}]', '[1].b[1].c'],
    ['{"status":1,"sta\\u0074us":2}', 'status'],
    ['{"a":{"x":1},"a":2}', 'a'],
    ['{"\\"":1,"\\"":2}', '"'],
    ['{"a\\\\":1,"a\\\\":2}', 'a\\'],
    ['{"":1,"":2}', ''],
  ])('in %s is found at %s', (text, path) => {
    expect(found(text)).toBe(path);
  });

  it('is found in no document that JSON.stringify makes, whatever its keys and texts are', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 6 }), fc.nat(3), (text, indent) => {
        expect(found(JSON.stringify(JSON.parse(text), null, indent))).toBeNull();
      }),
      { numRuns: 1_000 },
    );
  });

  it('is found wherever one entry of an object is written twice', () => {
    const entries = fc.array(fc.tuple(fc.string(), fc.jsonValue()), { minLength: 1 });
    fc.assert(
      fc.property(entries, fc.nat(), fc.jsonValue(), (all, at, other) => {
        const [key] = all[at % all.length] ?? [''];
        const text = `{${[...all, [key, other] as const].map(([k, v]) => `${JSON.stringify(k)}:${JSON.stringify(v)}`).join()}}`;
        expect(found(text)).not.toBeNull();
      }),
      { numRuns: 1_000 },
    );
  });

  it('is looked for without recursion, so that no depth of nesting fails', () => {
    expect(found(`${'['.repeat(50_000)}{"a":1}${']'.repeat(50_000)}`)).toBeNull();
  });
});
