import { randomUUID } from 'node:crypto';
import { Body, Controller, Get, Inject, Param, Post, Query, UseGuards } from '@nestjs/common';
import { OpsGuard } from '@consent/decision-consumer';
import { uuid } from '@consent/events';
import { ProblemError, wholeNumber, zodPipe } from '@consent/service-host';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { deliver, type DeliveredContact, deliveredContacts } from './deliver.js';

const page = z.strictObject({
  after: uuid.optional(),
  limit: wholeNumber(1, 10_000).default(1_000),
});
const deliveryInput = z.strictObject({
  affiliate: z.string().regex(/^[a-z][a-z0-9-]{0,62}$/, 'an id in kebab-case, such as group-company-a'),
  purposeId: z.enum(['group-affiliate-phone-marketing', 'event-participation', 'event-lead-marketing']),
  /** Affiliates call, and do nothing else (5.3). */
  channel: z.literal('phone').optional(),
});

/** What is shared with group companies, and what they must be told. */
@Controller('v1')
export class ReadApi {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  /** Each decided purpose and number of a subject. */
  @Get('subjects/:subjectId/sharing')
  sharing(@Param('subjectId', zodPipe(uuid)) subjectId: string): Promise<object[]> {
    return this.dataSource.query<object[]>(
      `SELECT scope_id AS "scopeId", purpose_id AS "purposeId", allowed AS shared, held_back AS "heldBack",
         version::float8 AS version
       FROM effective_state WHERE subject_id = $1 ORDER BY purpose_id, scope_id`,
      [subjectId],
    );
  }

  /** What affiliates must be told about a subject. */
  @Get('subjects/:subjectId/stop-messages')
  stopMessages(@Param('subjectId', zodPipe(uuid)) subjectId: string): Promise<object[]> {
    return this.dataSource.query<object[]>(
      `SELECT stop_message_id::text AS "stopMessageId", affiliate, purpose_id AS "purposeId",
         contact_point_id AS "contactPointId", decision_id AS "decisionId", state, due_since AS "dueSince"
       FROM stop_message WHERE subject_id = $1 ORDER BY stop_message.stop_message_id`,
      [subjectId],
    );
  }

  /** Hands the contacts of a purpose to an affiliate, as far as permissions are in force now. */
  @Post('deliveries')
  @UseGuards(OpsGuard)
  async deliver(
    @Body(zodPipe(deliveryInput)) { affiliate, purposeId }: z.output<typeof deliveryInput>,
  ): Promise<{ deliveryId: string; contacts: number }> {
    const deliveryId = randomUUID();
    return { deliveryId, ...(await deliver(this.dataSource, { deliveryId, affiliate, purposeId })) };
  }

  /** A page of a delivery. `nextAfter` is null on the last page. */
  @Get('deliveries/:deliveryId')
  async delivered(
    @Param('deliveryId', zodPipe(uuid)) deliveryId: string,
    @Query(zodPipe(page)) { after, limit }: z.output<typeof page>,
  ): Promise<{ deliveryId: string; contacts: DeliveredContact[]; nextAfter: string | null }> {
    const contacts = await deliveredContacts(this.dataSource, { deliveryId, after: after ?? null, limit });
    if (!contacts)
      throw new ProblemError(
        404,
        'delivery-unknown',
        'The delivery is not known',
        `There is no delivery ${deliveryId}`,
      );
    return { deliveryId, contacts, nextAfter: contacts.length < limit ? null : (contacts.at(-1)?.subjectId ?? null) };
  }
}
