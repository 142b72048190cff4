import { expect, it } from '@jest/globals';
import { markRefused } from './mark-refused.js';
import { ProblemError } from './problem-error.js';

it('a key that is repeated, or reaches for a prototype, spoils its entry of an array and no other', () => {
  const text =
    '[ {"a":"],{","b":[1,{"c":2}]}, {"a":1,"a":2}, "x,\\"]", [3,[{"d":1,"d":1}]] , {"a":{"a":null}}, {"b":[{"__proto__":1}]} ]';
  const marked = markRefused(text, JSON.parse(text) as unknown[]);
  expect(marked.map((entry) => (entry instanceof ProblemError ? entry.extra.errors?.[0]?.path : entry))).toEqual([
    { a: '],{', b: [1, { c: 2 }] },
    'a',
    'x,"]',
    '[1][0].d',
    { a: { a: null } },
    'b[0].__proto__',
  ]);
});
