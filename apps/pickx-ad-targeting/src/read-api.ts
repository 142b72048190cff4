import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, Inject, Param, Post, UseGuards } from '@nestjs/common';
import { OpsGuard } from '@consent/decision-consumer';
import { uuid } from '@consent/events';
import { zodPipe } from '@consent/service-host';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { type Choice, selectSpot } from './select-spot.js';
import { SPOTS } from './spots.js';

const selectionInput = z.strictObject({ subjectId: uuid, accountId: uuid, spot: z.enum(SPOTS) });

/** What Pickx holds of a subject's accounts, and how it may choose for them. */
@Controller('v1')
export class ReadApi {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** Each decided use of the subject's accounts, and the advertising profiles held. */
  @Get('subjects/:subjectId/targeting')
  async targeting(@Param('subjectId', zodPipe(uuid)) subjectId: string): Promise<object> {
    const switches = await this.dataSource.query<object[]>(
      `SELECT scope_id AS "accountId", purpose_id AS "purposeId", allowed, held_back AS "heldBack",
         version::float8 AS version
       FROM effective_state WHERE subject_id = $1 ORDER BY scope_id, purpose_id`,
      [subjectId],
    );
    const profiles = await this.dataSource.query<object[]>(
      `SELECT account_id AS "accountId", audience, segments, built_at AS "builtAt" FROM ad_profile
       WHERE subject_id = $1 ORDER BY account_id, audience`,
      [subjectId],
    );
    return { subjectId, switches, profiles };
  }

  /** How a spot on an account is chosen, by what is in force now. */
  @Post('selections')
  @UseGuards(OpsGuard)
  async select(
    @Body(zodPipe(selectionInput)) input: z.output<typeof selectionInput>,
  ): Promise<{ selectionId: string } & Choice> {
    const selectionId = randomUUID();
    return { selectionId, ...(await selectSpot(this.dataSource, { selectionId, ...input })) };
  }
}
