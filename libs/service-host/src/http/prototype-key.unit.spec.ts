import { expect, it } from '@jest/globals';
import { z } from 'zod';
import { linesOf, NDJSON } from './lines.js';
import { prototypeKey } from './prototype-key.js';

const found = (text: string) => prototypeKey(text, JSON.parse(text))?.extra.errors?.[0]?.path ?? null;

it.each([
  ['{"__proto__": {}}', '__proto__'],
  ['{"\\u005f_proto__": 1}', '__proto__'],
  ['{"a": [0, {"b": {"__proto__": null}}]}', 'a[1].b.__proto__'],
  ['[[{"constructor": {"prototype": {}}}]]', '[0][0].constructor.prototype'],
  ['{"constructor": {"\\u0070rototype": 1}}', 'constructor.prototype'],
])('the key of %s that reaches for the prototype is found at %s', (text, place) => {
  expect(found(text)).toBe(place);
});

it.each([
  '{"constructor": "Acme"}',
  '{"constructor": {"name": "Acme"}}',
  '{"constructor": null}',
  '{"prototype": {}}',
  '["__proto__", {"a": "constructor"}]',
  '"\\u005f"',
  'null',
])('%s reaches for no prototype', (text) => {
  expect(found(text)).toBeNull();
});

it('what is bottomless is searched to its bottom', () => {
  const deep = `${'['.repeat(50_000)}{"__proto__":1}${']'.repeat(50_000)}`;
  expect(found(deep)).toBe(`${'[0]'.repeat(50_000)}.__proto__`);
});

it(`of ${NDJSON} the line with such a key alone is refused, also where its schema would drop the key`, () => {
  const schema = z.strictObject({ attributes: z.record(z.string(), z.string()) });
  const lines = linesOf(Buffer.from('{"attributes":{"__proto__":"x","a":"b"}}\n{"attributes":{"a":"b"}}'), schema);
  expect(lines).toMatchObject([
    {
      line: 1,
      problem: {
        status: 400,
        detail: 'Found attributes.__proto__; expected no key named __proto__ or constructor.prototype',
      },
    },
    { line: 2, input: { attributes: { a: 'b' } } },
  ]);
});
