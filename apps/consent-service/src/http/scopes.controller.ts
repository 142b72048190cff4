import { Body, Controller, Inject, Param, Post, Req } from '@nestjs/common';
import { type Catalogue } from '@consent/consent-rules';
import { zodPipe } from '@consent/service-host';
import { type FastifyRequest } from 'fastify';
import { May, TheCaller } from '../callers/caller-guard.js';
import { type Caller } from '../callers/callers.js';
import { transferScope, type TransferOutcome } from '../facts/transfer-scope.js';
import { CATALOGUE } from '../tokens.js';
import { refusalProblem } from './answers/refusal-problem.js';
import { uuid } from './schemas/common.js';
import { transferInput, type TransferInput } from './schemas/transfer-input.js';
import { traceparentOf } from './trace-of.js';
import { WriteOnce } from './write-once.js';

@Controller('v1/scopes')
export class ScopesController {
  constructor(
    @Inject(WriteOnce) private readonly writes: WriteOnce,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
  ) {}

  /** Ends a scope and mints a new one for its next holder. */
  @Post(':id/transfer')
  @May('record')
  async transfer(
    @Param('id', zodPipe(uuid)) scopeId: string,
    @Body(zodPipe(transferInput)) { toSubjectId, brand }: TransferInput,
    @Req() request: FastifyRequest,
    @TheCaller() caller: Caller,
  ): Promise<object> {
    const { answer } = await this.writes.run<TransferOutcome>(request, caller, async (tx) => {
      const context = { catalogue: this.catalogue, now: Date.now(), traceparent: traceparentOf() };
      const transfer = { scopeId, toSubjectId, brand };
      return { status: 201, answer: await transferScope(tx, transfer, caller.name, context) };
    });
    if (answer.kind === 'refused') throw refusalProblem(answer.refusal);
    const { fromSubjectId, newScopeId, closed } = answer;
    return { scopeId, fromSubjectId, toSubjectId, newScopeId, closed };
  }
}
