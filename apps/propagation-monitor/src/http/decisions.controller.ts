import { uuid } from '@consent/events';
import { withTransaction } from '@consent/postgres';
import { wholeNumber, zodPipe } from '@consent/service-host';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { type DecisionView, decisionView } from './pair-view.js';
import { unknownDecision } from './problems.js';
import { findDecision, findSubject } from './queries.js';

const MOST = 1_000;
const page = z.strictObject({
  limit: wholeNumber(1, MOST).default(MOST),
  before: wholeNumber(1).optional(),
});

/** What became of decisions, one by one. */
@Controller('v1')
export class DecisionsController {
  constructor(@Inject(DataSource) private readonly dataSource: DataSource) {}

  @Get('decisions/:id')
  async decision(@Param('id', zodPipe(uuid)) decisionId: string): Promise<DecisionView> {
    const found = await withTransaction(this.dataSource, (tx) => findDecision(tx, decisionId));
    if (!found) throw unknownDecision(decisionId);
    return decisionView(found, Date.now());
  }

  @Get('subjects/:id')
  async subject(
    @Param('id', zodPipe(uuid)) subjectId: string,
    @Query(zodPipe(page)) { limit, before }: z.output<typeof page>,
  ): Promise<DecisionView[]> {
    const found = await withTransaction(this.dataSource, (tx) => findSubject(tx, subjectId, before ?? null, limit));
    return found.map((propagation) => decisionView(propagation, Date.now()));
  }
}
