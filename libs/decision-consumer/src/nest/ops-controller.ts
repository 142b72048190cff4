import { uuid } from '@consent/events';
import { ProblemError, wholeNumber, zodPipe } from '@consent/service-host';
import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, UseGuards } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { type ConsumerReport } from '../consumer-settings.js';
import { DecisionConsumer } from '../decision-consumer.js';
import { listParked, type ParkedReport } from '../parked/list-parked.js';
import { redrive, type Redriven } from '../parked/redrive.js';
import { type Released } from '../parked/release-parked.js';
import { type EffectiveState, effectiveState, type EffectiveStateQuery } from './effective-state.js';
import { OpsGuard } from './ops-guard.js';

const MOST_TRIPLES = 5_000;
const rowId = z.string().regex(/^[1-9]\d{0,17}$/, 'the id of a parked record: digits');
const page = z.strictObject({
  limit: wholeNumber(1, 1_000).default(100),
  after: z
    .string()
    .regex(/^\d{1,18}$/, 'the id of the last record seen: digits')
    .default('0'),
});
type Page = z.output<typeof page>;
/** PostgreSQL takes no NUL. */
const word = z.string().regex(/^[^\0]+$/, 'at least one character, and no NUL');
const all = z.strictObject({ reason: word.optional() }).optional();
const discarding = z.strictObject({ withoutCopy: z.boolean().optional() }).optional();
const triple = z.strictObject({ subjectId: uuid, scopeId: uuid, purposeId: word });
const states = z.union([
  z.strictObject({ triples: z.array(triple).min(1).max(MOST_TRIPLES) }),
  z.strictObject({ subjectId: uuid }),
]);

/** Said of a record of which the parked row is the only copy. */
const ONLY_COPY =
  'with withoutCopy (consentctl parked discard --without-copy) it is set aside all the same, and kept in the table discarded_record of the system';

const WHY_NOT = {
  'not-parked': 'nothing with this id waits',
  readable: 'it is a decision: release it, or let a newer one supersede it',
  'not-published': 'the dead-letter topic has no copy of it yet: try again',
} as const;

/** What operators ask of a consuming system; the same in all. */
@Controller('v1')
export class OpsController {
  constructor(
    @Inject(DecisionConsumer) private readonly consumer: DecisionConsumer,
    @Inject(DataSource) private readonly dataSource: DataSource,
  ) {}

  @Get('consumer')
  report(): ConsumerReport {
    return this.consumer.report();
  }

  @Get('parked')
  list(@Query(zodPipe(page)) { limit, after }: Page): Promise<ParkedReport[]> {
    return listParked(this.dataSource, limit, after);
  }

  @Post('parked/redrive')
  @HttpCode(200)
  @UseGuards(OpsGuard)
  redriveAll(@Body(zodPipe(all)) asked: z.output<typeof all>): Promise<Redriven> {
    return redrive(this.consumer, this.dataSource, asked?.reason ?? null);
  }

  @Post('parked/:id/release')
  @HttpCode(200)
  @UseGuards(OpsGuard)
  release(@Param('id', zodPipe(rowId)) id: string): Promise<Released[]> {
    return this.#releaseOne(id);
  }

  @Post('parked/:id/redrive')
  @HttpCode(200)
  @UseGuards(OpsGuard)
  redriveOne(@Param('id', zodPipe(rowId)) id: string): Promise<Released[]> {
    return this.#releaseOne(id);
  }

  /** For bytes that are no decision: everything else is released. */
  @Post('parked/:id/discard')
  @HttpCode(200)
  @UseGuards(OpsGuard)
  async discard(
    @Param('id', zodPipe(rowId)) id: string,
    @Body(zodPipe(discarding)) asked: z.output<typeof discarding>,
  ): Promise<{ id: string; released: number }> {
    const discarded = await this.consumer.discard(id, { withoutCopy: asked?.withoutCopy ?? false });
    if (discarded.kind === 'discarded') return { id, released: discarded.waiting.length };
    throw new ProblemError(
      discarded.kind === 'not-parked' ? 404 : 409,
      discarded.kind,
      'The record was not discarded',
      discarded.kind === 'no-copy'
        ? `the dead-letter topic takes no copy of it (${discarded.why}); ${ONLY_COPY}`
        : WHY_NOT[discarded.kind],
    );
  }

  @Post('effective-state')
  @HttpCode(200)
  effectiveState(@Body(zodPipe(states)) asked: EffectiveStateQuery): Promise<EffectiveState[]> {
    return effectiveState(this.dataSource, asked);
  }

  async #releaseOne(id: string): Promise<Released[]> {
    const released = await this.consumer.release([id]);
    if (released.length > 0) return released;
    throw new ProblemError(
      404,
      'not-parked',
      'No such parked record',
      `nothing with the id ${id} waits to be released`,
    );
  }
}
