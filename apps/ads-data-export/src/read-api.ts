import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, Inject, Param, Post, Query, UseGuards } from '@nestjs/common';
import { OpsGuard } from '@consent/decision-consumer';
import { uuid } from '@consent/events';
import { ProblemError, wholeNumber, zodPipe } from '@consent/service-host';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { deliver, type DeliveredRecord, deliveredRecords, recipientsOf } from './deliver.js';

const page = z.strictObject({
  after: uuid.optional(),
  limit: wholeNumber(1, 10_000).default(1_000),
});
const deliveryInput = z.strictObject({
  stream: z.enum(['web-and-app', 'agency', 'television', 'cookie-partners']),
  recipient: z.string(),
});

/** What is exported, and what recipients must drop. */
@Controller('v1')
export class ReadApi {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** Each decided stream and device of a subject. Pseudonyms are not shown: they would tie a record to the person. */
  @Get('subjects/:subjectId/exports')
  exports(@Param('subjectId', zodPipe(uuid)) subjectId: string): Promise<object[]> {
    return this.dataSource.query<object[]>(
      `SELECT scope_id AS "scopeId", purpose_id AS "purposeId", allowed AS exported, held_back AS "heldBack",
         version::float8 AS version
       FROM effective_state WHERE subject_id = $1 ORDER BY purpose_id, scope_id`,
      [subjectId],
    );
  }

  /** What recipients must drop because of a decision. */
  @Get('decisions/:decisionId/revocations')
  revocations(@Param('decisionId', zodPipe(uuid)) decisionId: string): Promise<object[]> {
    return this.dataSource.query<object[]>(
      `SELECT pseudonym, recipient, state, due_since AS "dueSince" FROM revocation
       WHERE decision_id = $1 ORDER BY recipient, pseudonym`,
      [decisionId],
    );
  }

  /** Delivers a stream to one of its recipients, as far as permissions are in force now. */
  @Post('deliveries')
  @UseGuards(OpsGuard)
  async deliver(
    @Body(zodPipe(deliveryInput)) { stream, recipient }: z.output<typeof deliveryInput>,
  ): Promise<{ deliveryId: string; records: number }> {
    const recipients = await recipientsOf(this.dataSource, stream);
    if (!recipients.includes(recipient))
      throw new ProblemError(
        422,
        'recipient-unknown',
        'The stream does not go to this recipient',
        `recipient: found ${recipient}; expected ${recipients.join(' or ')}`,
      );
    const deliveryId = randomUUID();
    return { deliveryId, ...(await deliver(this.dataSource, { deliveryId, stream, recipient })) };
  }

  /** A page of a delivery. `nextAfter` is null on the last page. */
  @Get('deliveries/:deliveryId')
  async delivered(
    @Param('deliveryId', zodPipe(uuid)) deliveryId: string,
    @Query(zodPipe(page)) { after, limit }: z.output<typeof page>,
  ): Promise<{ deliveryId: string; records: DeliveredRecord[]; nextAfter: string | null }> {
    const records = await deliveredRecords(this.dataSource, { deliveryId, after: after ?? null, limit });
    if (!records)
      throw new ProblemError(
        404,
        'delivery-unknown',
        'The delivery is not known',
        `There is no delivery ${deliveryId}`,
      );
    return { deliveryId, records, nextAfter: records.length < limit ? null : (records.at(-1)?.pseudonym ?? null) };
  }
}
