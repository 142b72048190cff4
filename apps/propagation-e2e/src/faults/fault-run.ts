import { randomUUID } from 'node:crypto';
import {
  acknowledgementFormat,
  type ConsentDecision,
  decisionFormat,
  type PropagationAcknowledgement,
  topics,
  type WireFormat,
} from '@consent/events';
import { createTopicAdmin, partitionOf, RecordReader, SchemaRegistry } from '@consent/kafka';
import { until } from '@consent/testing';
import { type EffectiveState, subjectOf } from '../checker/evidence.js';
import { readTopic, recordsAbout } from '../checker/read-topic.js';
import { type Client, type Person } from '../traffic.js';
import { startWorld, type World } from '../world.js';

const names = topics();

/** Longest time for a test of one fault. */
export const SLOW = 90_000;

/** A world in which decisions flow, and what tests ask about it to see that their fault has bitten. */
export interface FaultRun {
  readonly world: World;
  readonly client: Client;
  /** Keys of records that were put on the topic past the ledger, as poison. */
  readonly poisoned: Set<string>;
  /** More decisions are accepted from now on: the pipeline takes them, or takes them again. */
  readonly moreAccepted: (count?: number) => Promise<void>;
  /** How often a decision is on the topic. */
  readonly timesPublished: (decisionId: string) => Promise<number>;
  /** Every decision that this run has put on the topic. */
  readonly decisions: () => Promise<ConsentDecision[]>;
  readonly acknowledgementsOf: (systemId: string) => Promise<PropagationAcknowledgement[]>;
  /** Waits for the system's answer to a decision. */
  readonly answerOf: (systemId: string, decisionId: string) => Promise<PropagationAcknowledgement>;
  /** What a system does now for a person. */
  readonly statesOf: (systemId: string, person: Person) => Promise<EffectiveState[]>;
  /** Offset at which a system's group reads on in the person's partition. */
  readonly readsOnAt: (systemId: string, person: Person) => Promise<number>;
  /** Partitions of the decisions that a process of a system was given last, by its log. */
  readonly partitionsOf: (process: string) => number;
  readonly stopDeciding: () => Promise<void>;
}

export async function startFaultRun(): Promise<FaultRun> {
  const world = await startWorld();
  const { client, kafka, platform } = world;
  const people = await Promise.all(Array.from({ length: 40 }, () => client.person()));
  const stopDeciding = client.keepDeciding(people);
  const poisoned = new Set<string>();

  async function decoded<T>(topic: string, format: WireFormat<T>): Promise<T[]> {
    const reader = new RecordReader(format, new SchemaRegistry({ url: platform.servers.registryUrl }));
    const isOthers = (key: string): boolean => poisoned.has(key) || world.earlier.has(key);
    const values = (await readTopic(kafka, topic)).flatMap(({ key, value }) =>
      isOthers(key?.toString() ?? '') ? [] : [value],
    );
    // The registry notices that PostgreSQL was killed by a request that fails.
    await until('the schemas are known', () => reader.prepare(values).then(() => true));
    return values.map((value) => reader.decodeNow(value));
  }

  const acknowledgementsOf = (systemId: string): Promise<PropagationAcknowledgement[]> =>
    decoded(names.acknowledgements(systemId), acknowledgementFormat());

  return {
    world,
    client,
    poisoned,
    async moreAccepted(count = 40) {
      const from = client.accepted;
      if (client.failure) throw client.failure;
      await until(`${count} more decisions accepted`, () => client.accepted >= from + count, { timeoutMs: 30_000 });
    },
    timesPublished: async (decisionId) => (await recordsAbout(decisionId, kafka, names.decisions)).length,
    decisions: () => decoded(names.decisions, decisionFormat()),
    acknowledgementsOf,
    answerOf: (systemId, decisionId) =>
      until(
        `${systemId} acknowledges ${decisionId}`,
        async () => (await acknowledgementsOf(systemId)).find((answer) => answer.decisionId === decisionId),
        { timeoutMs: 40_000, everyMs: 300 },
      ),
    statesOf: async (systemId, { subjectId }) =>
      (await world.statesOf(systemId)).filter(({ triple }) => subjectOf(triple) === subjectId),
    async readsOnAt(systemId, { subjectId }) {
      const admin = await createTopicAdmin(kafka);
      try {
        const offsets = await admin.committedOffsets(systemId, [names.decisions]);
        return offsets.find(({ partition }) => partition === partitionOf(subjectId))?.offset ?? 0;
      } finally {
        await admin.close();
      }
    },
    partitionsOf(process) {
      const assigned = world
        .logOf(process)
        .split('\n')
        .filter((line) => line.includes('"Assigned"') && line.includes(`"${names.decisions}"`))
        .map((line) => JSON.parse(line) as { partitions: number });
      return assigned.at(-1)?.partitions ?? 0;
    },
    stopDeciding,
  };
}

/** A new subject whose records go to the partition. */
export function subjectOn(partition: number): string {
  for (;;) {
    const subjectId = randomUUID();
    if (partitionOf(subjectId) === partition) return subjectId;
  }
}
