import { Body, Controller, Get, HttpCode, Inject, Param, Post, Put, Query, Req, Res } from '@nestjs/common';
import { type Catalogue } from '@consent/consent-rules';
import { type Transaction, readerOn } from '@consent/postgres';
import { linesOf, type ProblemDocument, ProblemError, writeLines, zodPipe } from '@consent/service-host';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type DataSource } from 'typeorm';
import { type z } from 'zod';
import { May, TheCaller } from '../callers/caller-guard.js';
import { type Caller } from '../callers/callers.js';
import { putFacts, type FactsOutcome } from '../facts/put-facts.js';
import { readFactsHistory } from '../facts/read-facts-history.js';
import { BULK, LIVE } from '../relay/outbox-row.js';
import { CATALOGUE, DATA_SOURCE } from '../tokens.js';
import { factsVersionAnswer } from './answers/subject-answer.js';
import { refusalProblem } from './answers/refusal-problem.js';
import { BatchTurns } from './batch-turns.js';
import { BulkTurns } from './bulk-turns.js';
import { historyQuery, uuid } from './schemas/common.js';
import { factsInput, type FactsInput, subjectFactsInput } from './schemas/facts-input.js';
import { traceparentOf } from './trace-of.js';
import { WriteOnce } from './write-once.js';

type StoredFacts = FactsOutcome | { kind: 'invalid'; problem: ProblemDocument };

@Controller('v1')
export class FactsController {
  constructor(
    @Inject(WriteOnce) private readonly writes: WriteOnce,
    @Inject(BatchTurns) private readonly turns: BatchTurns,
    @Inject(BulkTurns) private readonly bulkTurns: BulkTurns,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
  ) {}

  /** Replaces what is known of a subject. */
  @Put('subjects/:id/facts')
  @May('record')
  async putOne(
    @Param('id', zodPipe(uuid)) subjectId: string,
    @Body(zodPipe(subjectFactsInput)) facts: z.infer<typeof subjectFactsInput>,
    @Req() request: FastifyRequest,
    @TheCaller() caller: Caller,
  ): Promise<{ subjectId: string; factsVersion: number; changes: number }> {
    const { answer } = await this.writes.run<FactsOutcome>(request, caller, async (tx) => {
      const [outcome] = await this.#put(tx, [{ subjectId, ...facts }], { caller: caller.name, channel: 'subject' });
      if (!outcome) throw new Error('Facts were neither stored nor refused');
      return { status: 200, answer: outcome };
    });
    if (answer.kind === 'refused') throw refusalProblem(answer.refusal);
    return { subjectId, factsVersion: answer.factsVersion, changes: answer.changes };
  }

  /** What was known of a subject, since when and by whom, oldest first. */
  @Get('subjects/:id/facts/history')
  @May('read')
  async history(
    @Param('id', zodPipe(uuid)) subjectId: string,
    @Query(zodPipe(historyQuery)) { after, limit: most }: z.infer<typeof historyQuery>,
  ): Promise<object[]> {
    const found = await readFactsHistory(readerOn(this.dataSource), subjectId, after, most);
    if (found.length === 0 && after === 0) throw factsUnknown(subjectId);
    return found.map(factsVersionAnswer);
  }

  @Post('facts/batch')
  @HttpCode(200)
  @May('record')
  putMany(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @TheCaller() caller: Caller,
  ): Promise<unknown> {
    return this.bulkTurns.run(() => this.turns.run(() => this.#putMany(body, request, reply, caller)));
  }

  async #putMany(body: unknown, request: FastifyRequest, reply: FastifyReply, caller: Caller): Promise<unknown> {
    const lines = linesOf(body, factsInput);
    const { answer } = await this.writes.run<StoredFacts[]>(request, caller, async (tx) => {
      const outcomes = (
        await this.#put(
          tx,
          lines.flatMap(({ input }) => input ?? []),
          { caller: caller.name, channel: 'batch' },
        )
      ).values();
      return {
        status: 200,
        answer: lines.map(({ problem }): StoredFacts =>
          problem ? { kind: 'invalid', problem } : (outcomes.next().value as FactsOutcome),
        ),
      };
    });
    return writeLines(
      request,
      reply,
      answer.map((stored, i) => ({ line: lines[i]?.line ?? i + 1, ...lineAnswer(stored, lines[i]?.input?.subjectId) })),
    );
  }

  #put(
    tx: Transaction,
    inputs: readonly FactsInput[],
    by: { caller: string; channel: 'subject' | 'batch' },
  ): Promise<FactsOutcome[]> {
    // A file of many people must not keep waiting what one person decides now.
    const lane = by.channel === 'batch' ? BULK : LIVE;
    const context = { catalogue: this.catalogue, now: Date.now(), traceparent: traceparentOf(), lane };
    return putFacts(tx, inputs, by, context);
  }
}

const factsUnknown = (subjectId: string): ProblemError =>
  new ProblemError(404, 'facts-unknown', 'No facts are known', `No facts of subject ${subjectId} were ever registered`);

function lineAnswer(stored: StoredFacts, subjectId: string | undefined): object {
  if (stored.kind === 'stored')
    return { status: 200, subjectId, factsVersion: stored.factsVersion, changes: stored.changes };
  const problem = stored.kind === 'invalid' ? stored.problem : refusalProblem(stored.refusal).toDocument();
  return { status: problem.status, problem };
}
