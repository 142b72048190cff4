import { uuid } from '@consent/events';
import { withTransaction } from '@consent/postgres';
import { wholeNumber, zodPipe } from '@consent/service-host';
import { Controller, Get, Inject, Param, Query } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { type PipelineStatus, StatusService } from '../status/status.service.js';
import { type SystemStatus } from '../status/system-status.js';
import { knownSystem } from './problems.js';
import { findOpenPairs } from './queries.js';

const DEFAULT = 100;
const MOST = 1_000;
const page = z.strictObject({
  limit: wholeNumber(1, MOST).default(DEFAULT),
  after: uuid.optional(),
  state: z.enum(['pending', 'parked', 'conflict', 'rejected']).optional(),
});
type Page = z.output<typeof page>;

interface OpenPairView {
  decisionId: string;
  state: string;
  direction: string;
  since: string;
  applyBy: string;
  overdue: boolean;
}

/** How the systems stand, and what each has not complied with. */
@Controller('v1')
export class SystemsController {
  constructor(
    @Inject(DataSource) private readonly dataSource: DataSource,
    @Inject(StatusService) private readonly status: StatusService,
  ) {}

  @Get('systems')
  async systems(): Promise<SystemStatus[]> {
    return (await this.status.at(Date.now())).systems;
  }

  /** Everything at once: systems, relay, and how far the monitor itself is. */
  @Get('status')
  pipeline(): Promise<PipelineStatus> {
    return this.status.at(Date.now());
  }

  @Get('systems/:id')
  async system(@Param('id') id: string): Promise<SystemStatus | undefined> {
    const systemId = knownSystem(id);
    return (await this.systems()).find((system) => system.systemId === systemId);
  }

  /** Decision ids, oldest first; `after` is the last id of the page before. */
  @Get('systems/:id/unacknowledged')
  async unacknowledged(@Param('id') id: string, @Query(zodPipe(page)) query: Page): Promise<string[]> {
    return (await this.openPairs(id, query)).map(({ decisionId }) => decisionId);
  }

  /** The same with what keeps each open. */
  @Get('systems/:id/open-pairs')
  async openPairs(
    @Param('id') id: string,
    @Query(zodPipe(page)) { limit, after, state }: Page,
  ): Promise<OpenPairView[]> {
    const select = { systemId: knownSystem(id), state: state ?? null, after: after ?? null, limit };
    const found = await withTransaction(this.dataSource, (tx) => findOpenPairs(tx, select));
    const now = Date.now();
    return found.map((pair) => ({
      ...pair,
      since: new Date(pair.since).toISOString(),
      applyBy: new Date(pair.applyBy).toISOString(),
      overdue: pair.applyBy < now,
    }));
  }
}
