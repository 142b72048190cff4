import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { readerOn } from '@consent/postgres';
import { ProblemError, zodPipe } from '@consent/service-host';
import { type DataSource } from 'typeorm';
import { May } from '../callers/caller-guard.js';
import { type BucketDigest, readDigest } from '../reads/read-digest.js';
import { readHeads } from '../reads/read-heads.js';
import { readDecision } from '../reads/read-history.js';
import { type LedgerSlices, readSlices } from '../reads/read-slices.js';
import { DATA_SOURCE } from '../tokens.js';
import { decisionRecord } from './answers/decision-answer.js';
import { uuid } from './schemas/common.js';
import { headsInput, type HeadsInput } from './schemas/heads-input.js';
import { span, type Span } from './schemas/span.js';

@Controller('v1')
export class LedgerController {
  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  @Get('decisions/:id')
  @May('read')
  async decision(@Param('id', zodPipe(uuid)) id: string): Promise<object> {
    const found = await readDecision(readerOn(this.dataSource), id);
    if (found) return decisionRecord(found.decision, found.position);
    throw new ProblemError(404, 'decision-unknown', 'The decision is not known', `The ledger has no decision ${id}`);
  }

  /** Counts and heads per bucket (partition), for whoever compares what was published with what was recorded. */
  @Get('ledger/digest')
  @May('read')
  digest(): Promise<{ asOf: string; buckets: BucketDigest[] }> {
    return readDigest(readerOn(this.dataSource));
  }

  /** The same per slice of time: cheap where the digest of a large ledger is not, and comparable with a topic. */
  @Get('ledger/digest/slices')
  @May('read')
  slices(@Query(zodPipe(span)) { since, until }: Span): Promise<LedgerSlices> {
    return readSlices(this.dataSource, since, until);
  }

  /** The newest entry of each triple asked for, or of the triples of the decisions named. */
  @Post('ledger/heads')
  @HttpCode(200)
  @May('read')
  async heads(@Body(zodPipe(headsInput)) input: HeadsInput): Promise<object[]> {
    return readHeads(readerOn(this.dataSource), input);
  }
}
