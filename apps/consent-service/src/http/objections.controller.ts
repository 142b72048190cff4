import { Body, Controller, Get, HttpCode, Inject, Param, Post, Query, Req } from '@nestjs/common';
import { type Catalogue } from '@consent/consent-rules';
import { type ConsentDecision } from '@consent/events';
import { type Transaction, readerOn } from '@consent/postgres';
import { zodPipe } from '@consent/service-host';
import { type FastifyRequest } from 'fastify';
import { type DataSource } from 'typeorm';
import { type z } from 'zod';
import { May, TheCaller } from '../callers/caller-guard.js';
import { type Caller } from '../callers/callers.js';
import { assessObjection } from '../objections/assess-objection.js';
import { completeObjection, extendObjection, type ObjectionChange } from '../objections/change-objection.js';
import { listObjections, readObjection } from '../objections/read-objections.js';
import { CATALOGUE, DATA_SOURCE } from '../tokens.js';
import { type DecisionAnswer } from './answers/decision-answer.js';
import { type ObjectionAnswer, objectionAnswer } from './answers/objection-answer.js';
import { objectionProblem } from './answers/objection-problem.js';
import { storedLine, type StoredLine, throwProblem } from './answers/stored-line.js';
import { Recording } from './recording.js';
import { uuid } from './schemas/common.js';
import { assessmentInput, completionInput, extensionInput, objectionsQuery } from './schemas/objection-input.js';
import { traceparentOf } from './trace-of.js';
import { WriteOnce } from './write-once.js';

type Refused = Extract<ObjectionChange, { kind: 'refused' }>;

/** Reasoned objections: what waits for an answer, its legal clocks, and the answer. */
@Controller('v1/objections')
export class ObjectionsController {
  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(WriteOnce) private readonly writes: WriteOnce,
    @Inject(Recording) private readonly recording: Recording,
  ) {}

  @Get()
  @May('read')
  async list(
    @Query(zodPipe(objectionsQuery)) { state, dueBefore, after, limit }: z.infer<typeof objectionsQuery>,
  ): Promise<object[]> {
    const query = { state, dueBefore: dueBefore ?? null, after: after ?? null, limit };
    return (await listObjections(readerOn(this.dataSource), query)).map((row) => objectionAnswer(row, Date.now()));
  }

  @Get(':id')
  @May('read')
  async one(@Param('id', zodPipe(uuid)) id: string): Promise<object> {
    const row = await readObjection(readerOn(this.dataSource), id);
    if (row) return objectionAnswer(row, Date.now());
    throw objectionProblem({ code: 'objection_unknown', message: `No reasoned objection has the id ${id}` });
  }

  @Post(':id/completion')
  @HttpCode(200)
  @May('assess')
  complete(
    @Param('id', zodPipe(uuid)) id: string,
    @Body(zodPipe(completionInput)) { completeAt }: z.infer<typeof completionInput>,
    @Req() request: FastifyRequest,
    @TheCaller() caller: Caller,
  ): Promise<object> {
    return this.#change(request, caller, (tx, now) =>
      completeObjection(tx, id, { completeAt: completeAt ?? now, now }),
    );
  }

  @Post(':id/extension')
  @HttpCode(200)
  @May('assess')
  extend(
    @Param('id', zodPipe(uuid)) id: string,
    @Body(zodPipe(extensionInput)) { reason, notifiedAt }: z.infer<typeof extensionInput>,
    @Req() request: FastifyRequest,
    @TheCaller() caller: Caller,
  ): Promise<object> {
    return this.#change(request, caller, (tx, now) =>
      extendObjection(tx, id, { reason, notifiedAt: notifiedAt ?? now, caller: caller.name, now }),
    );
  }

  /** Upheld or rejected, by another caller than the objection's own. */
  @Post(':id/assessment')
  @May('assess')
  async assess(
    @Param('id', zodPipe(uuid)) id: string,
    @Body(zodPipe(assessmentInput)) input: z.infer<typeof assessmentInput>,
    @Req() request: FastifyRequest,
    @TheCaller() caller: Caller,
  ): Promise<DecisionAnswer> {
    const decisions = new Map<number, ConsentDecision>();
    const { answer } = await this.writes.run<StoredLine>(request, caller, async (tx) => {
      const context = { catalogue: this.catalogue, now: Date.now(), traceparent: traceparentOf() };
      const recorded = await assessObjection(tx, id, input, caller, context);
      const line: StoredLine =
        recorded.kind === 'not-open'
          ? { problem: objectionProblem(recorded.refusal).toDocument() }
          : storedLine(recorded, decisions);
      return { status: 201, answer: line };
    });
    const [line] = await this.recording.answers([answer], decisions);
    return line && 'decision' in line ? line.decision : throwProblem(answer);
  }

  async #change(
    request: FastifyRequest,
    caller: Caller,
    change: (tx: Transaction, now: number) => Promise<ObjectionChange>,
  ): Promise<object> {
    const { answer } = await this.writes.run<ObjectionAnswer | Refused>(request, caller, async (tx) => {
      const now = Date.now();
      const done = await change(tx, now);
      return { status: 200, answer: done.kind === 'refused' ? done : objectionAnswer(done.row, now) };
    });
    if ('refusal' in answer) throw objectionProblem(answer.refusal);
    return answer;
  }
}
