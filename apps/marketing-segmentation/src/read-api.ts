import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, Inject, Param, Post, Query, UseGuards } from '@nestjs/common';
import { OpsGuard } from '@consent/decision-consumer';
import { uuid } from '@consent/events';
import { ProblemError, wholeNumber, zodPipe } from '@consent/service-host';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { drawTargetList, targetListEntries, type TargetListEntry } from './draw-target-list.js';
import { PURPOSES } from './purposes.js';

const page = z.strictObject({
  after: uuid.optional(),
  limit: wholeNumber(1, 10_000).default(1_000),
});
const listInput = z.strictObject({
  campaign: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'an id in kebab-case, such as spring-2027'),
  purposeId: z.enum(PURPOSES),
  channel: z.enum(['phone', 'sms', 'email', 'post', 'app-push']),
});

/** What marketing holds of a subject, and whom it may contact. */
@Controller('v1')
export class ReadApi {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** Each decided segment, source, audience, channel and device of a subject, and the interest scores held. */
  @Get('subjects/:subjectId/profile')
  async profile(@Param('subjectId', zodPipe(uuid)) subjectId: string): Promise<object> {
    const switches = await this.dataSource.query<object[]>(
      `SELECT scope_id AS "scopeId", purpose_id AS "purposeId", allowed AS active, held_back AS "heldBack",
         version::float8 AS version
       FROM effective_state WHERE subject_id = $1 ORDER BY purpose_id, scope_id`,
      [subjectId],
    );
    const scores = await this.dataSource.query<object[]>(
      `SELECT scope_id AS "scopeId", source, interest, score FROM interest_score
       WHERE subject_id = $1 ORDER BY source, interest, scope_id`,
      [subjectId],
    );
    return { subjectId, switches, scores };
  }

  /** Draws the people of a campaign, as far as purpose and channel are in force now. */
  @Post('target-lists')
  @UseGuards(OpsGuard)
  async draw(
    @Body(zodPipe(listInput)) input: z.output<typeof listInput>,
  ): Promise<{ targetListId: string; entries: number }> {
    const targetListId = randomUUID();
    return { targetListId, ...(await drawTargetList(this.dataSource, { targetListId, ...input })) };
  }

  /** A page of what stands on a list and is in force now. `nextAfter` is null on the last page. */
  @Get('target-lists/:targetListId')
  async entries(
    @Param('targetListId', zodPipe(uuid)) targetListId: string,
    @Query(zodPipe(page)) { after, limit }: z.output<typeof page>,
  ): Promise<{ targetListId: string; entries: TargetListEntry[]; nextAfter: string | null }> {
    const entries = await targetListEntries(this.dataSource, { targetListId, after: after ?? null, limit });
    if (!entries)
      throw new ProblemError(
        404,
        'target-list-unknown',
        'The list is not known',
        `There is no target list ${targetListId}`,
      );
    return {
      targetListId,
      entries,
      nextAfter: entries.length < limit ? null : (entries.at(-1)?.contactPointId ?? null),
    };
  }
}
