import { randomUUID } from 'node:crypto';
import {
  acknowledgementFormat,
  type ConsentDecision,
  decisionFormat,
  HEADERS,
  HEARTBEAT_PURPOSE,
  type PropagationAcknowledgement,
  PropagationAcknowledgementSchema,
  ConsentDecisionSchema,
  SYSTEMS,
} from '@consent/events';
import { createProducer, partitionOf, registrySubjectOf } from '@consent/kafka';
import { type TestTopics } from '@consent/testing';

/** Of any kind that the protocol knows: a name may have no value, or several. */
export type AnyHeaders = Record<string, Buffer | Buffer[] | null>;

/** A closing of one purpose that concerns the given systems, to be applied within a minute. */
export function someDecision(
  change: Partial<ConsentDecision> = {},
  systems: readonly string[] = SYSTEMS,
): ConsentDecision {
  const subjectId = change.subjectId ?? randomUUID();
  const now = Date.now();
  return {
    decisionId: randomUUID(),
    subjectId,
    version: 1,
    scope: { level: 'person', id: subjectId },
    purposeId: 'profiling',
    status: 'withdrawn',
    direction: 'closing',
    permission: { allowed: false, reason: 'withdrawn', nextChangeAt: null },
    effective: true,
    cause: 'person',
    bundleId: null,
    notice: null,
    evidence: { channel: 'app', actor: 'self', caller: 'spec', origin: null },
    decidedAt: now,
    receivedAt: now,
    committedAt: now,
    catalogueVersion: 'spec',
    brand: null,
    systems: systems.map((systemId) => ({ systemId, applyBy: now + 60_000 })),
    attributes: {},
    endedCategories: [],
    ...change,
  };
}

export const opening = {
  status: 'given',
  direction: 'opening',
  permission: { allowed: true, reason: 'given', nextChangeAt: null },
} as const;

/** A heartbeat whose key goes to the partition. */
export function heartbeat(partition = 0): ConsentDecision {
  let subjectId = randomUUID();
  while (partitionOf(subjectId) !== partition) subjectId = randomUUID();
  return someDecision({ subjectId, purposeId: HEARTBEAT_PURPOSE, cause: 'heartbeat', version: Date.now(), ...opening });
}

export function answerTo(
  decision: ConsentDecision,
  systemId: string,
  change: Partial<PropagationAcknowledgement> = {},
): PropagationAcknowledgement {
  return {
    decisionId: decision.decisionId,
    subjectId: decision.subjectId,
    version: decision.version,
    scopeId: decision.scope.id,
    purposeId: decision.purposeId,
    systemId,
    outcome: 'applied',
    reason: null,
    appliedAt: Date.now(),
    effects: [{ effect: 'audiences left', count: 2 }],
    replayId: null,
    source: { topic: 'consent.decisions', partition: partitionOf(decision.subjectId), offset: 0 },
    build: 'spec',
    parkedRecords: null,
    ...change,
  };
}

/** kafkajs reads a header without a value, and writes none. */
const sendable = (headers: AnyHeaders): Record<string, Buffer> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) => (value === null ? [] : [[name, value as Buffer]])),
  );

/** Speaks for the ledger and for the systems. */
export async function speaker(topics: TestTopics) {
  const producer = createProducer(topics.kafka);
  const decisions = decisionFormat();
  const answers = acknowledgementFormat();
  const names = topics.topics;
  const decisionSchema = await topics.registry.idOf(registrySubjectOf(names.decisions), ConsentDecisionSchema);
  return {
    decide: (
      all: readonly ConsentDecision[],
      outboxWaitMs: number | string = 0,
      lane = 'live',
      headers: AnyHeaders = {},
    ): Promise<void> =>
      producer.send(
        all.map((decision) => ({
          topic: names.decisions,
          key: decision.subjectId,
          value: decisions.encode(decisionSchema, decision),
          headers: {
            [HEADERS.outboxWaitMs]: String(outboxWaitMs),
            [HEADERS.lane]: lane,
            ...sendable(headers),
          },
        })),
      ),
    async answer(all: readonly PropagationAcknowledgement[]): Promise<void> {
      const records = await Promise.all(
        all.map(async (answer) => {
          const topic = names.acknowledgements(answer.systemId);
          const schema = await topics.registry.idOf(registrySubjectOf(topic), PropagationAcknowledgementSchema);
          return { topic, key: answer.subjectId, value: answers.encode(schema, answer) };
        }),
      );
      await producer.send(records);
    },
    raw: (topic: string, value: Buffer): Promise<void> => producer.send([{ topic, key: 'k', value }]),
    close: () => producer.close(),
  };
}
export type Speaker = Awaited<ReturnType<typeof speaker>>;
