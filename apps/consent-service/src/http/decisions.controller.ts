import { Body, Controller, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import { type ConsentDecision } from '@consent/events';
import { linesOf, writeLines, zodPipe } from '@consent/service-host';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { May, TheCaller } from '../callers/caller-guard.js';
import { type Caller } from '../callers/callers.js';
import { toCommand } from '../record/to-command.js';
import { type DecisionAnswer } from './answers/decision-answer.js';
import { type StoredLine, throwProblem } from './answers/stored-line.js';
import { BatchTurns } from './batch-turns.js';
import { Recording } from './recording.js';
import { decisionInput, type DecisionInput } from './schemas/decision-input.js';
import { WriteOnce } from './write-once.js';

@Controller('v1/decisions')
export class DecisionsController {
  constructor(
    @Inject(Recording) private readonly recording: Recording,
    @Inject(WriteOnce) private readonly writes: WriteOnce,
    @Inject(BatchTurns) private readonly turns: BatchTurns,
  ) {}

  @Post()
  @May('record')
  async recordOne(
    @Body(zodPipe(decisionInput)) input: DecisionInput,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @TheCaller() caller: Caller,
  ): Promise<DecisionAnswer> {
    const decisions = new Map<number, ConsentDecision>();
    const { answer } = await this.writes.run<StoredLine>(request, caller, async (tx) => {
      const now = Date.now();
      const [line] = await this.recording.record(tx, [toCommand(input, input, caller, now)], caller, now, decisions);
      if (!line) throw new Error('A decision was neither recorded nor refused');
      return { status: 201, answer: line };
    });
    const [line] = await this.recording.answers([answer], decisions);
    if (!line || !('decision' in line)) return throwProblem(answer);
    void reply.code(line.status).header('location', `/v1/decisions/${line.decision.decisionId}`);
    return line.decision;
  }

  @Post('batch')
  @HttpCode(200)
  @May('record')
  recordMany(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
    @TheCaller() caller: Caller,
  ): Promise<unknown> {
    return this.turns.run(() => this.#recordMany(body, request, reply, caller));
  }

  async #recordMany(body: unknown, request: FastifyRequest, reply: FastifyReply, caller: Caller): Promise<unknown> {
    const lines = linesOf(body, decisionInput);
    const decisions = new Map<number, ConsentDecision>();
    const { answer } = await this.writes.run<StoredLine[]>(request, caller, async (tx) => {
      const now = Date.now();
      const commands = lines.flatMap(({ input }) => (input ? [toCommand(input, input, caller, now)] : []));
      const recorded = (await this.recording.record(tx, commands, caller, now, decisions)).values();
      return {
        status: 200,
        answer: lines.map(({ problem }): StoredLine => (problem ? { problem } : (recorded.next().value as StoredLine))),
      };
    });
    const answers = await this.recording.answers(answer, decisions);
    return writeLines(
      request,
      reply,
      answers.map((one, i) => ({ line: lines[i]?.line ?? i + 1, ...one })),
    );
  }
}
