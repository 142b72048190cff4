import { Body, Controller, HttpCode, Inject, Param, Post, UseGuards } from '@nestjs/common';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { parse, type ProblemDocument, ProblemError, repeatedKey, zodPipe } from '@consent/service-host';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { type FeedLine, type FeedOutcome, takeFeed } from './feed.js';
import { SupplierGuard } from './supplier-guard.js';

const MOST_LINES = 1_000;
const uuid = z.uuid().lowercase('a UUID in lower case');
const supplierId = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'an id in kebab-case, such as other-operator');
const feedLine = z.strictObject({
  subjectId: uuid,
  lineId: uuid,
  listable: z.boolean(),
  sourceEventId: z.string().regex(/^[A-Za-z0-9._:-]{1,128}$/, '1 to 128 letters, digits or . _ : -'),
  asOf: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
});

/** The answer to one line of a feed, numbered from 1. */
export type FeedAnswer =
  { line: number; outcome: Exclude<FeedOutcome, 'recorded_otherwise'> } | { line: number; problem: ProblemDocument };

/** A line as it came, counted from 1; empty lines of NDJSON count and are not answered. */
interface RawLine {
  line: number;
  value: unknown;
}

/** The lines of NDJSON; one that is no JSON holds its problem. */
class Lines {
  constructor(readonly lines: readonly RawLine[]) {}
}

/** Statements of other operators about lines that they supply. */
@Controller('v1/feeds')
@UseGuards(SupplierGuard)
export class FeedApi {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** A JSON array or NDJSON of at most 1,000 lines; every line is answered, and one that is wrong stops no other. */
  @Post(':supplier')
  @HttpCode(200)
  async take(@Param('supplier', zodPipe(supplierId)) supplier: string, @Body() body: unknown): Promise<FeedAnswer[]> {
    const read = linesOf(body).map(readLine);
    const outcomes = await takeFeed(
      this.dataSource,
      supplier,
      read.flatMap((line) => ('said' in line ? [line.said] : [])),
    );
    let next = 0;
    return read.map((line) => {
      if ('problem' in line) return line;
      const outcome = outcomes[next++];
      if (!outcome) throw new Error(`Line ${line.line} of the feed has no outcome`);
      return outcome === 'recorded_otherwise'
        ? { line: line.line, problem: recordedOtherwise(line.said).toDocument() }
        : { line: line.line, outcome };
    });
  }
}

/** Lets feeds come as NDJSON, too. */
export function takeNdjson(app: NestFastifyApplication): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addContentTypeParser<string>('application/x-ndjson', { parseAs: 'string' }, (_request, body, done) =>
      done(null, ndjson(body)),
    );
}

const ndjson = (body: string): Lines =>
  new Lines(
    body.split('\n').flatMap((text, index) => (text.trim() === '' ? [] : [{ line: index + 1, value: json(text) }])),
  );

const array = (values: readonly unknown[]): Lines =>
  new Lines(values.map((value, index) => ({ line: index + 1, value })));

function linesOf(body: unknown): readonly RawLine[] {
  const lines = body instanceof Lines ? body.lines : Array.isArray(body) ? array(body).lines : null;
  if (lines && lines.length > 0 && lines.length <= MOST_LINES) return lines;
  throw new ProblemError(
    422,
    'invalid-input',
    'The input is not valid',
    `body: ${lines ? `${lines.length} lines` : 'no array'}; expected an array or NDJSON of 1 to ${MOST_LINES} lines`,
  );
}

/** What a line closes is not lost because of its id. */
const recordedOtherwise = ({ sourceEventId, listable }: FeedLine): ProblemError =>
  new ProblemError(
    409,
    'origin-recorded-otherwise',
    'The event was recorded with another content',
    `sourceEventId ${sourceEventId} is that of another statement; expected an id of its own for each statement${
      listable ? '' : '. The line is not listed any more all the same'
    }`,
  );

type ReadLine = { line: number; said: FeedLine } | { line: number; problem: ProblemDocument };

function readLine({ line, value }: RawLine): ReadLine {
  try {
    if (value instanceof ProblemError) throw value;
    return { line, said: parse(feedLine, value, 'line') };
  } catch (error) {
    if (error instanceof ProblemError) return { line, problem: error.toDocument() };
    throw error;
  }
}

function json(line: string): unknown {
  try {
    const value: unknown = JSON.parse(line);
    return repeatedKey(line, value) ?? value;
  } catch {
    return new ProblemError(400, 'malformed-json', 'The line is not JSON', 'expected one JSON object a line');
  }
}
