import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { parse } from './parse.js';
import { wholeNumber } from '../whole-number.js';
import { ProblemError } from './problem-error.js';

const schema = z.strictObject({
  id: z.string(),
  status: z.enum(['given', 'withdrawn']),
  scope: z.strictObject({ level: z.string() }),
  tags: z.array(z.string().min(2)).max(2).optional(),
});
const good = { id: '0b7e5f4e-1111-4222-8333-444455556666', status: 'given', scope: { level: 'line' } };

const problemOf = (input: unknown, where: 'body' | 'query'): ProblemError => {
  try {
    parse(schema, input, where);
  } catch (error) {
    return error as ProblemError;
  }
  throw new Error('It was accepted');
};

const page = z.strictObject({ limit: wholeNumber(1, 1_000).default(100) });

describe('parse', () => {
  it('gives back what fits', () => {
    expect(parse(schema, good, 'body')).toEqual(good);
  });

  it('says of every fault where it is, what was found and what is expected', () => {
    const problem = problemOf({ id: 7, status: 'maybe', scope: { level: 'line', more: 1 }, tags: ['x', 'yy'] }, 'body');
    expect(problem.status).toBe(422);
    expect(problem.extra.errors).toEqual([
      { path: 'id', message: 'found 7', expected: 'string' },
      { path: 'status', message: 'found "maybe"', expected: 'one of given, withdrawn' },
      { path: 'scope.more', message: 'unknown field', expected: 'no such field' },
      { path: 'tags[0]', message: 'found "x"', expected: 'at least 2 characters' },
    ]);
  });

  it('says of a value of the wrong type that alone, and not how long its text may be', () => {
    expect(problemOf({ ...good, tags: 'a text' }, 'body').extra.errors).toEqual([
      { path: 'tags', message: 'found "a text"', expected: 'array' },
    ]);
  });

  it('says what was found in the field that a check of the whole is about', () => {
    const span = z
      .strictObject({ from: z.number(), until: z.number().optional() })
      .refine(({ from, until }) => until !== undefined && from < until, { path: ['until'], message: 'more than from' });
    const errorsOf = (input: unknown) => {
      try {
        return parse(z.array(span), input, 'body');
      } catch (error) {
        return (error as ProblemError).extra.errors;
      }
    };
    expect(errorsOf([{ from: 2, until: 1 }])).toEqual([
      { path: '[0].until', message: 'found 1', expected: 'more than from' },
    ]);
    expect(errorsOf([{ from: 2 }])).toEqual([{ path: '[0].until', message: 'is missing', expected: 'more than from' }]);
  });

  it('counts entries in entries', () => {
    expect(problemOf({ ...good, tags: ['aa', 'bb', 'cc'] }, 'body').detail).toBe(
      'body tags: found ["aa","bb","cc"]; expected at most 2 entries',
    );
  });

  it.each(['', ' 5 ', '0x10', '1e2', '-5', '+5', '1.0', '5_0', '٣', '0', '1001', '9'.repeat(400)])(
    'takes %j for no whole number, and says what was found and what is expected',
    (limit) => {
      expect(() => parse(page, { limit }, 'query')).toThrow(
        'expected a whole number from 1 to 1000, in decimal digits',
      );
      expect(() => parse(page, { limit }, 'query')).toThrow(`query limit: found ${JSON.stringify(limit).slice(0, 60)}`);
    },
  );

  it('takes a whole number in decimal digits, also where it was not sent', () => {
    expect(['1', '1000', '0042'].map((limit) => parse(page, { limit }, 'query'))).toEqual([
      { limit: 1 },
      { limit: 1_000 },
      { limit: 42 },
    ]);
    expect(parse(page, {}, 'query')).toEqual({ limit: 100 });
    expect(() => parse(wholeNumber(1), '9007199254740992', 'path', 'before')).toThrow('path before: found');
  });

  it('says of a number that is too large to be read that it is, and not that it is null', () => {
    const sized = z.strictObject({ size: z.number(), tags: z.array(z.number()).max(1) });
    expect(() => parse(sized, JSON.parse('{"size": 1e999, "tags": [1, -1e999]}'), 'body')).toThrow(
      'body size: found a number beyond ±1.8e308; expected number, and 1 more fault',
    );
    expect(() => parse(sized, JSON.parse('{"size": 1, "tags": {"a": 1e999}}'), 'body')).toThrow(
      'body tags: found {"a":"a number beyond ±1.8e308"}; expected array',
    );
  });

  it('says of a key what a key must be', () => {
    const named = z.strictObject({
      attributes: z.record(z.string().regex(/^[a-z]+$/, 'a name of letters'), z.string()),
    });
    expect(() => parse(named, { attributes: { 'a@b': 'x' } }, 'body')).toThrow(
      'body attributes.a@b: found "a@b"; expected a key that is a name of letters',
    );
  });

  it('says of a union what each of its branches expects', () => {
    const either = z.union([
      z.strictObject({ triples: z.array(z.string()) }),
      z.strictObject({ subjectId: z.string() }),
    ]);
    expect(() => parse(either, { foo: 1 }, 'body')).toThrow(
      'body: found {"foo":1}; expected triples: array or subjectId: string',
    );
  });

  it('says of what a query gives twice that it is expected once', () => {
    expect(() => parse(z.object({ limit: z.string() }), { limit: ['1', '2'] }, 'query')).toThrow(
      'query limit: found ["1","2"]; expected it once',
    );
  });

  it('is 400 for a query, and says what is missing', () => {
    const problem = problemOf({}, 'query');
    expect(problem.status).toBe(400);
    expect(problem.detail).toBe('query id: is missing; expected string, and 2 more faults');
  });

  it.each([
    ['lists', '['.repeat(100_000) + ']'.repeat(100_000)],
    ['objects', '{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000)],
  ])('refuses bottomless %s, whatever the schema takes, instead of overflowing the stack', (_, text) => {
    const bottomless: unknown = JSON.parse(text);
    for (const input of [bottomless, { ...good, tags: bottomless }])
      expect(problemOf(input, 'body')).toMatchObject({
        status: 400,
        type: 'malformed-json',
        detail: 'The JSON is nested too deeply; expected at most 32 levels',
      });
    expect(() => parse(z.unknown(), bottomless, 'line')).toThrow(ProblemError);
  });

  it('takes 32 levels, and not 33', () => {
    const deep = (levels: number): unknown => JSON.parse('['.repeat(levels) + '1' + ']'.repeat(levels));
    expect(parse(z.unknown(), deep(32), 'body')).toEqual(deep(32));
    expect(() => parse(z.unknown(), deep(33), 'body')).toThrow(ProblemError);
  });
});
