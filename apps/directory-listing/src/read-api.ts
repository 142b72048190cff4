import { randomUUID } from 'node:crypto';
import { Controller, Get, Inject, Param, Post, Query, UseGuards } from '@nestjs/common';
import { OpsGuard } from '@consent/decision-consumer';
import { uuid } from '@consent/events';
import { ProblemError, wholeNumber, zodPipe } from '@consent/service-host';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { type HandedLine, handedLines, handOver } from './hand-over.js';

const page = z.strictObject({
  after: uuid.optional(),
  limit: wholeNumber(1, 10_000).default(1_000),
});

/** What the directory holds and hands over. */
@Controller('v1')
export class ReadApi {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** Each decided part of the subject's lines. */
  @Get('subjects/:subjectId/listings')
  listings(@Param('subjectId', zodPipe(uuid)) subjectId: string): Promise<object[]> {
    return this.dataSource.query<object[]>(
      `SELECT line_id AS "lineId", purpose_id AS "purposeId", part, allowed AS listed, closed_by_feed AS "closedByFeed",
         held_back AS "heldBack", listing.version::float8 AS version
       FROM listing
       JOIN effective_state AS state USING (subject_id, purpose_id)
       WHERE subject_id = $1 AND state.scope_id = line_id ORDER BY line_id, purpose_id`,
      [subjectId],
    );
  }

  /** What suppliers said of the subject's lines, and what came of it. */
  @Get('subjects/:subjectId/feed-events')
  feedEvents(@Param('subjectId', zodPipe(uuid)) subjectId: string): Promise<object[]> {
    return this.dataSource.query<object[]>(
      `SELECT supplier, source_event_id AS "sourceEventId", line_id AS "lineId", listable, as_of AS "asOf", outcome,
         version::float8 AS version, received_at AS "receivedAt"
       FROM feed_event WHERE subject_id = $1
       UNION ALL
       SELECT supplier, source_event_id, line_id, listable, as_of, 'recorded_otherwise', NULL, received_at
       FROM feed_contradiction WHERE subject_id = $1
       ORDER BY "receivedAt", "sourceEventId"`,
      [subjectId],
    );
  }

  /** Makes a hand-over file of what is listed now. */
  @Post('hand-overs')
  @UseGuards(OpsGuard)
  async handOver(): Promise<{ handOverId: string; lines: number }> {
    const handOverId = randomUUID();
    return { handOverId, ...(await handOver(this.dataSource, handOverId)) };
  }

  /** A page of a hand-over file. `nextAfter` is null on the last page. */
  @Get('hand-overs/:handOverId')
  async handedLines(
    @Param('handOverId', zodPipe(uuid)) handOverId: string,
    @Query(zodPipe(page)) { after, limit }: z.output<typeof page>,
  ): Promise<{ handOverId: string; lines: HandedLine[]; nextAfter: string | null }> {
    const lines = await handedLines(this.dataSource, { handOverId, after: after ?? null, limit });
    if (!lines)
      throw new ProblemError(
        404,
        'hand-over-unknown',
        'The hand-over is not known',
        `There is no hand-over ${handOverId}`,
      );
    return { handOverId, lines, nextAfter: lines.length < limit ? null : (lines.at(-1)?.lineId ?? null) };
  }
}
