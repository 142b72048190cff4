import { type ArgumentMetadata, type PipeTransform } from '@nestjs/common';
import { type z } from 'zod';
import { type InputError, ProblemError } from './problem-error.js';
import { isTooDeep, tooDeep } from './too-deep.js';

/** Where an input came from. A body that is well-formed but wrong is 422, everything else 400. */
export type Where = 'body' | 'line' | 'query' | 'path' | 'header';

const FOUND_LIMIT = 60;

/**
 * Checks an input against its schema.
 * @param name of the parameter or header that the input is the value of
 * @throws ProblemError `invalid-input`, 422 for a body or a line of one, else 400, with a fault for each wrong place;
 * 400 `malformed-json` for one that is nested so deeply that looking at it would overflow the stack
 */
export function parse<S extends z.ZodType>(schema: S, input: unknown, where: Where, name?: string): z.output<S> {
  if (isTooDeep(input)) throw tooDeep();
  const result = schema.safeParse(input, { reportInput: true });
  if (result.success) return result.data;
  const errors = result.error.issues.filter(isNotOfWrongType).flatMap((issue) => faultsOf(issue, input, where, name));
  const first = errors[0];
  const rest = errors.length > 1 ? `, and ${errors.length - 1} more ${errors.length > 2 ? 'faults' : 'fault'}` : '';
  throw new ProblemError(
    where === 'body' || where === 'line' ? 422 : 400,
    'invalid-input',
    'The input is not valid',
    `${where}${first?.path ? ` ${first.path}` : ''}: ${first?.message}; expected ${first?.expected}${rest}`,
    { in: where, errors },
  );
}

/** `@Body(zodPipe(schema))`, `@Query(zodPipe(schema))`, `@Param('id', zodPipe(schema))`. */
export function zodPipe<S extends z.ZodType>(schema: S): PipeTransform<unknown, z.output<S>> {
  return {
    transform: (input: unknown, { type, data }: ArgumentMetadata) =>
      parse(schema, input, type === 'param' ? 'path' : type === 'query' ? 'query' : 'body', data),
  };
}

/** A text has a length too, so that a list's limit is told of what is no list. */
const isNotOfWrongType = (issue: z.core.$ZodIssue, _: number, issues: readonly z.core.$ZodIssue[]): boolean =>
  issue.code === 'invalid_type' ||
  !issues.some(({ code, path }) => code === 'invalid_type' && pathOf(path) === pathOf(issue.path));

function faultsOf(issue: z.core.$ZodIssue, input: unknown, where: Where, name?: string): InputError[] {
  const within = name === undefined ? [] : [name];
  const path = pathOf([...within, ...issue.path]);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      path: pathOf([...within, ...issue.path, key]),
      message: 'unknown field',
      expected: 'no such field',
    }));
  // A check of a whole object may be about one of its fields.
  const found = issue.code === 'custom' ? valueAt(input, issue.path) : issue.input;
  // What a query gives twice is read as a list.
  const isTwice = where === 'query' && issue.code === 'invalid_type' && Array.isArray(found);
  return [{ path, message: foundIn(found), expected: isTwice ? 'it once' : expectedBy(issue) }];
}

const valueAt = (input: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce((value, part) => (value as Partial<Record<PropertyKey, unknown>> | undefined)?.[part], input);

const pathOf = (path: readonly PropertyKey[]): string =>
  path.reduce<string>(
    (text, part) =>
      typeof part === 'number' ? `${text}[${part}]` : text === '' ? String(part) : `${text}.${String(part)}`,
    '',
  );

/** What 1e999 in JSON is read to: JSON has no word for it, and would write null. */
const isUnwritable = (value: unknown): boolean => typeof value === 'number' && !Number.isFinite(value);
const BEYOND = 'a number beyond ±1.8e308';

function foundIn(input: unknown): string {
  if (input === undefined) return 'is missing';
  if (isUnwritable(input)) return `found ${BEYOND}`;
  const text = JSON.stringify(input, (_, part: unknown) => (isUnwritable(part) ? BEYOND : part)) ?? typeof input;
  return `found ${text.length > FOUND_LIMIT ? `${text.slice(0, FOUND_LIMIT)}…` : text}`;
}

function expectedBy(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return issue.expected;
    case 'invalid_value':
      return issue.values.length === 1 ? String(issue.values[0]) : `one of ${issue.values.map(String).join(', ')}`;
    case 'too_small':
      return `${issue.exact ? 'exactly' : issue.inclusive === false ? 'more than' : 'at least'} ${issue.minimum}${unitOf(issue.origin)}`;
    case 'too_big':
      return `${issue.exact ? 'exactly' : issue.inclusive === false ? 'less than' : 'at most'} ${issue.maximum}${unitOf(issue.origin)}`;
    case 'invalid_format':
      return FORMATS[issue.format] ?? issue.message;
    case 'not_multiple_of':
      return `a multiple of ${issue.divisor}`;
    case 'invalid_union':
      return issue.message === NO_BRANCH ? branchesOf(issue) : issue.message;
    case 'invalid_key':
      return `a key that is ${issue.issues.map(expectedBy).join(' and ')}`;
    case 'invalid_element':
    case 'unrecognized_keys':
    case 'custom':
      return issue.message;
  }
}

/** What zod says of a union that has no message of its own. */
const NO_BRANCH = 'Invalid input';

/** What each branch misses first. */
const branchesOf = ({ errors }: z.core.$ZodIssueInvalidUnion): string =>
  errors
    .flatMap(([first]) => (first ? [[pathOf(first.path), expectedBy(first)].filter(Boolean).join(': ')] : []))
    .join(' or ');

const FORMATS: Readonly<Record<string, string>> = {
  datetime: 'a date and time in ISO 8601 with offset, such as 2026-11-24T09:30:00Z',
  url: 'a URL',
};

const unitOf = (origin: string): string =>
  origin === 'string' ? ' characters' : origin === 'array' || origin === 'set' ? ' entries' : '';
