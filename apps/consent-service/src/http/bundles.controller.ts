import { Body, Controller, Inject, Post, Req } from '@nestjs/common';
import { type Catalogue } from '@consent/consent-rules';
import { type ConsentDecision } from '@consent/events';
import { ProblemError, zodPipe } from '@consent/service-host';
import { type FastifyRequest } from 'fastify';
import { May, TheCaller } from '../callers/caller-guard.js';
import { type Caller } from '../callers/callers.js';
import { isBundle, recordBundle } from '../record/record-bundle.js';
import { toCommand } from '../record/to-command.js';
import { CATALOGUE } from '../tokens.js';
import { bundleProblem } from './answers/bundle-problem.js';
import { type LineAnswer, storedLine, type StoredLine } from './answers/stored-line.js';
import { Recording } from './recording.js';
import { bundleInput, type BundleInput } from './schemas/decision-input.js';
import { traceparentOf } from './trace-of.js';
import { WriteOnce } from './write-once.js';

interface StoredBundle {
  bundleId: string;
  lines: StoredLine[];
  unchanged: number;
}

export interface BundleAnswer {
  bundleId: string;
  /** Decisions recorded, in their order. */
  changed: Extract<LineAnswer, { decision: unknown }>['decision'][];
  unchanged: number;
}

@Controller('v1/bundles')
export class BundlesController {
  constructor(
    @Inject(Recording) private readonly recording: Recording,
    @Inject(WriteOnce) private readonly writes: WriteOnce,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
  ) {}

  @Post()
  @May('record')
  async record(
    @Body(zodPipe(bundleInput)) input: BundleInput,
    @Req() request: FastifyRequest,
    @TheCaller() caller: Caller,
  ): Promise<BundleAnswer> {
    const decisions = new Map<number, ConsentDecision>();
    const { answer } = await this.writes.run<StoredBundle>(request, caller, async (tx) => {
      this.#mustFit(input);
      const now = Date.now();
      const { bundleId, recorded, unchanged } = await recordBundle(
        tx,
        {
          subjectId: input.subjectId,
          kind: input.kind,
          items: input.items ?? null,
          about: input.scope ?? null,
          decidedAt: input.decidedAt ?? now,
          caller: caller.name,
          channel: input.channel,
          toCommand: (item, id) => toCommand(input, item, caller, now, id),
        },
        { catalogue: this.catalogue, now, mayAssess: caller.may.includes('assess'), traceparent: traceparentOf() },
      );
      const refused = recorded.flatMap((one, item) => (one.kind === 'refused' ? [{ item, refusal: one.refusal }] : []));
      // Thrown, so that what was recorded of it is rolled back.
      if (refused.length > 0) throw bundleProblem(refused, recorded.length);
      const lines = recorded.map((one) => storedLine(one, decisions));
      return { status: 201, answer: { bundleId, lines, unchanged } };
    });
    return this.#answer(answer, decisions);
  }

  async #answer(
    { bundleId, lines, unchanged }: StoredBundle,
    decisions: Map<number, ConsentDecision>,
  ): Promise<BundleAnswer> {
    const answers = await this.recording.answers(lines, decisions);
    return {
      bundleId,
      changed: answers.flatMap((line) => ('decision' in line ? [line.decision] : [])),
      unchanged,
    };
  }

  /** Of the catalogue, with the scope it is about where it is about one. */
  #mustFit({ kind, scope }: BundleInput): void {
    if (!isBundle(kind, this.catalogue))
      throw new ProblemError(
        422,
        'bundle-unknown',
        'The bundle is not in the catalogue',
        `body kind: found ${JSON.stringify(kind)}; expected one of ${[...this.catalogue.bundles.keys(), 'custom'].join(', ')}`,
      );
    const { inOneScopeAt } = this.catalogue.bundles.get(kind) ?? {};
    if (scope?.level !== inOneScopeAt)
      throw new ProblemError(
        422,
        'bundle-scope',
        'The bundle is about another scope',
        `body scope: found ${scope?.level ?? 'none'}; expected ${inOneScopeAt === undefined ? `no scope with ${kind}` : `the ${inOneScopeAt} that ${kind} is about`}`,
      );
  }
}
