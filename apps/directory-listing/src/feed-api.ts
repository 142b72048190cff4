import { Body, Controller, HttpCode, Inject, Param, Post, UseGuards } from '@nestjs/common';
import { uuid } from '@consent/events';
import { linesOf, type ProblemDocument, ProblemError, takeNdjson, zodPipe } from '@consent/service-host';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { type FeedLine, type FeedOutcome, takeFeed } from './feed.js';
import { SupplierGuard } from './supplier-guard.js';

/** How far a supplier's clock may run ahead. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;
const supplierId = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'an id in kebab-case, such as other-operator');
const feedLine = z
  .strictObject({
    subjectId: uuid,
    lineId: uuid,
    listable: z.boolean(),
    sourceEventId: z.string().regex(/^[A-Za-z0-9._:-]{1,128}$/, '1 to 128 letters, digits or . _ : -'),
    asOf: z.iso.datetime({ offset: true }).transform((text) => Date.parse(text)),
  })
  .superRefine(({ listable, asOf }, context) => {
    // As with decisions: what closes is taken whatever its clock says.
    if (!listable || asOf <= Date.now() + CLOCK_TOLERANCE_MS) return;
    const input = new Date(asOf).toISOString();
    const message = `at most ${CLOCK_TOLERANCE_MS / 60_000} minutes after the reception, since the line is listable`;
    context.addIssue({ code: 'custom', path: ['asOf'], input, message });
  });

/** The answer to one line of a feed, numbered from 1. */
export type FeedAnswer =
  { line: number; outcome: Exclude<FeedOutcome, 'recorded_otherwise'> } | { line: number; problem: ProblemDocument };

/** Statements of other operators about lines that they supply. */
@Controller('v1/feeds')
@UseGuards(SupplierGuard)
export class FeedApi {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** A JSON array or NDJSON of at most 1,000 lines; every line is answered, and one that is wrong stops no other. */
  @Post(':supplier')
  @HttpCode(200)
  async take(@Param('supplier', zodPipe(supplierId)) supplier: string, @Body() body: unknown): Promise<FeedAnswer[]> {
    const read = linesOf(body, feedLine);
    const outcomes = await takeFeed(
      this.dataSource,
      supplier,
      read.flatMap(({ input }) => input ?? []),
    );
    let next = 0;
    return read.map(({ line, input, problem }) => {
      if (problem) return { line, problem };
      const outcome = outcomes[next++];
      if (!input || !outcome) throw new Error(`Line ${line} of the feed has no outcome`);
      return outcome === 'recorded_otherwise'
        ? { line, problem: recordedOtherwise(input).toDocument() }
        : { line, outcome };
    });
  }
}

/** `setup` of the service: feeds come as NDJSON, too. */
export const takeFeeds = takeNdjson('/v1/feeds/:supplier');

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
