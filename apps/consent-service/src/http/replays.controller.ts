import { Body, Controller, Get, Inject, Param, Post, Query, Req, Res } from '@nestjs/common';
import { type Catalogue } from '@consent/consent-rules';
import { readerOn } from '@consent/postgres';
import { ProblemError, zodPipe } from '@consent/service-host';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type DataSource } from 'typeorm';
import { z } from 'zod';
import { May, TheCaller } from '../callers/caller-guard.js';
import { type Caller } from '../callers/callers.js';
import { type Reader } from '../ledger/read-positions.js';
import { planReplay, type ReplayPlan } from '../replays/plan-replay.js';
import { readReplay, type ReplayState } from '../replays/read-replay.js';
import { readReplayDecisions } from '../replays/read-replay-decisions.js';
import { ReplayWorker } from '../replays/replay-worker.js';
import { startReplay } from '../replays/start-replay.js';
import { type UnknownInSelection, unknownInSelection } from '../replays/unknown-in-selection.js';
import { CATALOGUE, DATA_SOURCE } from '../tokens.js';
import { limit, uuid } from './schemas/common.js';
import { replayInput, type ReplayInput } from './schemas/replay-input.js';
import { WriteOnce } from './write-once.js';

type ReplayAnswer = ReplayPlan & { replayId: string | null };

export const replayListQuery = z.strictObject({ after: uuid.optional(), limit });

@Controller('v1/replays')
export class ReplaysController {
  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(WriteOnce) private readonly writes: WriteOnce,
    @Inject(ReplayWorker) private readonly worker: ReplayWorker,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
  ) {}

  /** 200 and no replay when nothing is selected. A dry run needs no Idempotency-Key: it stores nothing. */
  @Post()
  @May('operate')
  async start(
    @Body(zodPipe(replayInput)) input: ReplayInput,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @TheCaller() caller: Caller,
  ): Promise<ReplayAnswer> {
    if (input.dryRun) {
      const reader = readerOn(this.dataSource);
      await this.#mustKnow(reader, input);
      void reply.code(200);
      return { replayId: null, ...(await planReplay(reader, input)) };
    }
    const { status, answer } = await this.writes.run<ReplayAnswer>(request, caller, async (tx) => {
      await this.#mustKnow(tx, input);
      const started = await startReplay(tx, input, caller.name);
      return { status: started.replayId === null ? 200 : 201, answer: started };
    });
    void reply.code(status);
    if (answer.replayId === null) return answer;
    this.worker.wake();
    void reply.header('location', `/v1/replays/${answer.replayId}`);
    return answer;
  }

  @Get(':id')
  @May('operate')
  async state(@Param('id', zodPipe(uuid)) id: string): Promise<ReplayState> {
    const found = await readReplay(readerOn(this.dataSource), id);
    if (found) return found;
    throw new ProblemError(404, 'replay-unknown', 'The replay is not known', `No replay has the id ${id}`);
  }

  /** The frozen list, in the order in which it is sent; `after` is the last id of the page before. */
  @Get(':id/decisions')
  @May('operate')
  async decisions(
    @Param('id', zodPipe(uuid)) id: string,
    @Query(zodPipe(replayListQuery)) { after, limit: most }: z.infer<typeof replayListQuery>,
  ): Promise<string[]> {
    await this.state(id);
    return readReplayDecisions(readerOn(this.dataSource), id, after ?? null, most);
  }

  async #mustKnow(reader: Reader, { select }: ReplayInput): Promise<void> {
    const unknown = await unknownInSelection(reader, select, this.catalogue.purposes);
    if (unknown) throw selectsNothing(unknown);
  }
}

const KNOWN_BY = {
  subject: 'a subject with decisions or facts',
  purpose: 'a purpose of the catalogue, or one that was decided about',
} as const;

function selectsNothing({ field, found }: UnknownInSelection): ProblemError {
  const error = { path: `select.${field}`, message: `found ${JSON.stringify(found)}`, expected: KNOWN_BY[field] };
  return new ProblemError(
    422,
    `${field}-unknown`,
    `The ${field} is not known`,
    `body ${error.path}: ${error.message}; expected ${error.expected}`,
    { in: 'body', errors: [error] },
  );
}
