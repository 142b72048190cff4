import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type z } from 'zod';
import { parse } from './parse.js';
import { type ProblemDocument, ProblemError } from './problem-error.js';
import { refusedKey } from './refused-key.js';
import { unreadableJson } from './unreadable-json.js';
import { readUtf8 } from './utf8.js';

export const NDJSON = 'application/x-ndjson';
const MANY = 1_000;

/** A line of a batch: an input, or the problem with it. */
export interface Line<T> {
  /** Counted from 1; empty lines of NDJSON count and are not answered. */
  line: number;
  input?: T;
  problem?: ProblemDocument;
}

/**
 * The lines of a batch, from a JSON array or NDJSON (a Buffer). A line that is wrong has its problem; the others go on.
 * @throws ProblemError 422 for what is no batch: not an array, no line, or more than 1,000
 */
export function linesOf<S extends z.ZodType>(body: unknown, schema: S): Line<z.output<S>>[] {
  const found = Buffer.isBuffer(body) ? ndjson(body) : array(body);
  if (found.length === 0 || found.length > MANY)
    throw new ProblemError(
      422,
      'batch-size',
      'The batch has a wrong size',
      `Found ${found.length} lines; expected 1 to ${MANY}`,
    );
  return found.map(({ line, value, malformed }) => {
    try {
      if (malformed) throw malformed;
      return { line, input: parse(schema, value, 'line') };
    } catch (error) {
      if (error instanceof ProblemError) return { line, problem: error.toDocument() };
      throw error;
    }
  });
}

interface RawLine {
  line: number;
  value?: unknown;
  malformed?: ProblemError;
}

function array(body: unknown): RawLine[] {
  if (!Array.isArray(body))
    throw new ProblemError(
      422,
      'invalid-input',
      'The input is not valid',
      `body: found ${body === null ? 'null' : typeof body}; expected an array of 1 to ${MANY} entries, or ${NDJSON}`,
    );
  return body.map((value: unknown, i) =>
    value instanceof ProblemError ? { line: i + 1, malformed: value } : { line: i + 1, value },
  );
}

/** Each line is decoded by itself, so that bytes that are no text spoil their own line alone. */
const ndjson = (body: Buffer): RawLine[] =>
  splitLines(body).flatMap((bytes, i): RawLine[] => {
    const line = i + 1;
    const { text, wrong } = readUtf8(bytes);
    if (wrong !== undefined)
      return [{ line, malformed: notJson(`line ${line}: ${wrong}; expected one JSON object in UTF-8`) }];
    if (text.trim() === '') return [];
    try {
      const value = JSON.parse(text) as unknown;
      const malformed = refusedKey(text, value);
      return [malformed ? { line, malformed } : { line, value }];
    } catch (error) {
      const where = unreadableJson(text, error, `line ${line}`, line);
      return [{ line, malformed: notJson(`${where}; expected one JSON object`) }];
    }
  });

const NEWLINE = 0x0a;

function splitLines(body: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  let start = 0;
  for (let end = body.indexOf(NEWLINE); end >= 0; end = body.indexOf(NEWLINE, start)) {
    lines.push(body.subarray(start, end));
    start = end + 1;
  }
  return [...lines, body.subarray(start)];
}

const notJson = (detail: string): ProblemError =>
  new ProblemError(400, 'malformed-json', 'The line is not JSON', detail);

/** The answers in the media type of the request. */
export function writeLines(request: FastifyRequest, reply: FastifyReply, answers: readonly object[]): unknown {
  if (!Buffer.isBuffer(request.body)) return answers;
  void reply.header('content-type', NDJSON);
  return answers.map((answer) => `${JSON.stringify(answer)}\n`).join('');
}
