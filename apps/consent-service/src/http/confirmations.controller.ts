import { Body, Controller, Inject, Param, Post, Req } from '@nestjs/common';
import { type Catalogue } from '@consent/consent-rules';
import { type ConsentDecision } from '@consent/events';
import { zodPipe } from '@consent/service-host';
import { type FastifyRequest } from 'fastify';
import { May, TheCaller } from '../callers/caller-guard.js';
import { type Caller } from '../callers/callers.js';
import { confirmRequest } from '../record/confirm-request.js';
import { CATALOGUE } from '../tokens.js';
import { confirmationProblem } from './answers/confirmation-problem.js';
import { type DecisionAnswer } from './answers/decision-answer.js';
import { storedLine, type StoredLine, throwProblem } from './answers/stored-line.js';
import { Recording } from './recording.js';
import { uuid } from './schemas/common.js';
import { confirmationInput, type ConfirmationInput } from './schemas/decision-input.js';
import { traceparentOf } from './trace-of.js';
import { WriteOnce } from './write-once.js';

/** The second step of a double confirmation. */
@Controller('v1/decisions')
export class ConfirmationsController {
  constructor(
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
    @Inject(WriteOnce) private readonly writes: WriteOnce,
    @Inject(Recording) private readonly recording: Recording,
  ) {}

  @Post(':id/confirmation')
  @May('record')
  async confirm(
    @Param('id', zodPipe(uuid)) id: string,
    @Body(zodPipe(confirmationInput)) input: ConfirmationInput,
    @Req() request: FastifyRequest,
    @TheCaller() caller: Caller,
  ): Promise<DecisionAnswer> {
    const decisions = new Map<number, ConsentDecision>();
    const { answer } = await this.writes.run<StoredLine>(request, caller, async (tx) => {
      const now = Date.now();
      const confirmation = { channel: input.channel, decidedAt: input.decidedAt ?? now, notice: input.notice ?? null };
      const context = { catalogue: this.catalogue, now, traceparent: traceparentOf() };
      const recorded = await confirmRequest(tx, id, confirmation, caller, context);
      const line: StoredLine =
        recorded.kind === 'not-confirmed'
          ? { problem: confirmationProblem(recorded.refusal).toDocument() }
          : storedLine(recorded, decisions);
      return { status: 201, answer: line };
    });
    const [line] = await this.recording.answers([answer], decisions);
    return line && 'decision' in line ? line.decision : throwProblem(answer);
  }
}
