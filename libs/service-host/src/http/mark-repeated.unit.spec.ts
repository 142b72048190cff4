import { expect, it } from '@jest/globals';
import { markRepeated } from './mark-repeated.js';
import { ProblemError } from './problem-error.js';

it('a repeated key in entries of an array takes the place of these entries and of no other', () => {
  const text = '[ {"a":"],{","b":[1,{"c":2}]}, {"a":1,"a":2}, "x,\\"]", [3,[{"d":1,"d":1}]] , {"a":{"a":null}} ]';
  const marked = markRepeated(text, JSON.parse(text) as unknown[]);
  expect(marked.map((entry) => (entry instanceof ProblemError ? entry.extra.errors?.[0]?.path : entry))).toEqual([
    { a: '],{', b: [1, { c: 2 }] },
    'a',
    'x,"]',
    '[1][0].d',
    { a: { a: null } },
  ]);
});
