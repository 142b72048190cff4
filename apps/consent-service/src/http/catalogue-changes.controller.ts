import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { CatalogueError, faultCount } from '@consent/consent-rules';
import { readerOn, type Transaction } from '@consent/postgres';
import { ProblemError, zodPipe } from '@consent/service-host';
import { type FastifyRequest } from 'fastify';
import { type DataSource } from 'typeorm';
import { May, TheCaller } from '../callers/caller-guard.js';
import { type Caller } from '../callers/callers.js';
import { bringIntoForce, lookBefore } from '../catalogue/apply-change.js';
import { CatalogueInForce } from '../catalogue/catalogue-in-force.js';
import { CatalogueWorker } from '../catalogue/catalogue-worker.js';
import { planChange } from '../catalogue/plan-change.js';
import { type CatalogueChange, knownChange } from '../catalogue/read-change.js';
import { type Handling, RunningBuilds } from '../catalogue/running-builds.js';
import { type StoredAnswer } from '../idempotency/once.js';
import { CATALOGUE, DATA_SOURCE } from '../tokens.js';
import { applyInput, type ApplyInput, catalogueInput, type CatalogueInput } from './schemas/catalogue-input.js';
import { uuid } from './schemas/common.js';
import { WriteOnce } from './write-once.js';

@Controller('v1/catalogue/changes')
export class CatalogueChangesController {
  constructor(
    @Inject(WriteOnce) private readonly writes: WriteOnce,
    @Inject(CATALOGUE) private readonly catalogue: CatalogueInForce,
    @Inject(CatalogueWorker) private readonly worker: CatalogueWorker,
    @Inject(RunningBuilds) private readonly builds: RunningBuilds,
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
  ) {}

  /** Keeps a new version and counts what it would change; nothing comes into force. */
  @Post()
  @May('operate')
  async plan(
    @Body(zodPipe(catalogueInput)) { files }: CatalogueInput,
    @Req() request: FastifyRequest,
    @TheCaller() caller: Caller,
  ): Promise<CatalogueChange> {
    const { answer } = await this.writes
      .run<CatalogueChange>(request, caller, async (tx) => ({
        status: 201,
        answer: await planChange(tx, this.catalogue, files, caller.name),
      }))
      .catch(asProblem);
    this.worker.wake();
    return answer;
  }

  @Get(':id')
  @May('operate')
  state(@Param('id', zodPipe(uuid)) id: string): Promise<CatalogueChange> {
    return knownChange(readerOn(this.dataSource), id);
  }

  /** What the systems that the change names anew say now of its purposes. */
  @Get(':id/handling')
  @May('operate')
  async handling(@Param('id', zodPipe(uuid)) id: string): Promise<Handling[]> {
    const { difference } = await this.state(id);
    return this.builds.handlingOf(difference.named);
  }

  @Post(':id/apply')
  @HttpCode(200)
  @May('operate')
  async apply(
    @Param('id', zodPipe(uuid)) id: string,
    @Body(zodPipe(applyInput)) input: ApplyInput,
    @Req() request: FastifyRequest,
    @TheCaller() caller: Caller,
  ): Promise<CatalogueChange> {
    const seen = await lookBefore(readerOn(this.dataSource), this.builds, id, input);
    const bringing = async (tx: Transaction): Promise<StoredAnswer<CatalogueChange>> => {
      await bringIntoForce(tx, id, input, caller.name, seen);
      return { status: 200, answer: await knownChange(tx, id) };
    };
    const { answer } = await this.writes.run(request, caller, bringing, true).catch(asProblem);
    this.worker.wake();
    return answer;
  }
}

function asProblem(error: unknown): never {
  throw error instanceof CatalogueError ? faulty(error) : error;
}

const faulty = ({ faults }: CatalogueError): ProblemError =>
  new ProblemError(422, 'catalogue-faulty', 'The catalogue has faults', `Found ${faultCount(faults)}; expected none`, {
    errors: faults.map(({ file, id, field, message, expected }) => ({
      path: [file, id, field].filter(Boolean).join(' '),
      message,
      expected,
    })),
  });
