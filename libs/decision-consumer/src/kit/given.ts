import { type ConsentDecision, type EffectCount, type Outcome } from '@consent/events';
import { withTransaction } from '@consent/postgres';
import { type DataSource } from 'typeorm';
import { Breaker } from '../chunk/breaker.js';
import { anySystem } from '../chunk/run-effects.js';
import { runChunk } from '../chunk/run-chunk.js';
import { type Arrival } from '../core/arrival.js';
import { type Effect, type SystemHandler } from '../system-handler.js';

/** What was answered about a decision. */
export interface Answered {
  decisionId: string;
  version: number;
  outcome: Outcome;
  reason: string | null;
  effects: readonly EffectCount[];
}

/** given … when … then: a system's handler on a real database, through the real core, without Kafka. */
export interface Scenario {
  /** Decisions applied before, each in a chunk of its own. */
  decisions(...decisions: readonly ConsentDecision[]): Scenario;
  /** The decisions under test: one chunk, in this order. */
  when(...decisions: readonly ConsentDecision[]): Scenario;
  /** Runs all of it and gives the answers to the decisions under test. A check that throws fails the test. */
  then(check: (answers: readonly Answered[], dataSource: DataSource) => void | Promise<void>): Promise<void>;
}

let offset = 0;
const arrivalOf = (decision: ConsentDecision): Arrival => ({
  decision,
  record: {
    topic: 'given',
    partition: 0,
    offset: offset++,
    timestamp: decision.committedAt,
    key: Buffer.from(decision.subjectId),
    value: Buffer.alloc(0),
    headers: {},
  },
  replay: null,
  parkedId: null,
});

/** @param dataSource with the migrations of decision-consumer and of the system */
export function given<E extends Effect>(handler: SystemHandler<E>, dataSource: DataSource): Scenario {
  const system = anySystem(handler);
  const before: ConsentDecision[] = [];
  const during: ConsentDecision[] = [];

  async function apply(decisions: readonly ConsentDecision[]): Promise<Answered[]> {
    const { concluded } = await runChunk(
      { entries: decisions.map(arrivalOf), moves: [] },
      {
        system,
        breaker: new Breaker(1_000),
        transact: (work) => withTransaction(dataSource, work),
        stopped: AbortSignal.timeout(30_000),
        now: Date.now,
        onRetry: () => undefined,
        onClosingFailed: () => undefined,
      },
    );
    return concluded.map(({ arrival: { decision }, outcome, reason, effects }) => ({
      decisionId: decision.decisionId,
      version: decision.version,
      outcome,
      reason,
      effects,
    }));
  }

  const scenario: Scenario = {
    decisions(...decisions) {
      before.push(...decisions);
      return scenario;
    },
    when(...decisions) {
      during.push(...decisions);
      return scenario;
    },
    async then(check) {
      for (const one of before) await apply([one]);
      await check(await apply(during), dataSource);
    },
  };
  return scenario;
}
