import { Body, Controller, Get, HttpCode, Inject, Param, Post, Req } from '@nestjs/common';
import { CatalogueError, faultCount } from '@consent/consent-rules';
import { readerOn } from '@consent/postgres';
import { ProblemError, zodPipe } from '@consent/service-host';
import { type FastifyRequest } from 'fastify';
import { type DataSource } from 'typeorm';
import { May, TheCaller } from '../callers/caller-guard.js';
import { type Caller } from '../callers/callers.js';
import { applyChange } from '../catalogue/apply-change.js';
import { CatalogueInForce } from '../catalogue/catalogue-in-force.js';
import { CatalogueWorker } from '../catalogue/catalogue-worker.js';
import { planChange } from '../catalogue/plan-change.js';
import { type CatalogueChange, readChange } from '../catalogue/read-change.js';
import { type Handling, RunningBuilds } from '../catalogue/running-builds.js';
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
      .run<string>(request, caller, async (tx) => ({
        status: 201,
        answer: await planChange(tx, this.catalogue, files, caller.name),
      }))
      .catch(asProblem);
    this.worker.wake();
    return this.state(answer);
  }

  @Get(':id')
  @May('operate')
  async state(@Param('id', zodPipe(uuid)) id: string): Promise<CatalogueChange> {
    const found = await readChange(readerOn(this.dataSource), id);
    if (found) return found;
    throw new ProblemError(404, 'catalogue-change-unknown', 'The change is not known', `No change has the id ${id}`);
  }

  /** What the systems that the change names anew say now of its purposes. */
  @Get(':id/handling')
  @May('operate')
  async handling(@Param('id', zodPipe(uuid)) id: string): Promise<Handling[]> {
    const { difference } = await this.state(id);
    return this.builds.handlingOf(difference.named);
  }

  /** Safe to repeat: what is applied is not applied again. */
  @Post(':id/apply')
  @HttpCode(200)
  @May('operate')
  async apply(
    @Param('id', zodPipe(uuid)) id: string,
    @Body(zodPipe(applyInput)) input: ApplyInput,
    @TheCaller() caller: Caller,
  ): Promise<CatalogueChange> {
    await applyChange(this.dataSource, this.builds, id, input, caller.name).catch(asProblem);
    this.worker.wake();
    return this.state(id);
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
