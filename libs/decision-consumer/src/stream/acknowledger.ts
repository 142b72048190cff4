import {
  acknowledgementFormat,
  HEADERS,
  type PropagationAcknowledgement,
  PropagationAcknowledgementSchema,
} from '@consent/events';
import {
  KafkaSendError,
  type OutgoingRecord,
  type PartitionOffset,
  type RecordProducer,
  registrySubjectOf,
  type SchemaRegistry,
} from '@consent/kafka';
import { backOff } from '../chunk/back-off.js';
import { acknowledgementOf } from '../core/acknowledgement.js';
import { type Concluded } from '../core/conclude.js';
import { traceparentOf } from '../core/passed-on.js';

/** Records [from, next) of a partition, all of them in one chunk. */
export interface Part {
  readonly topic: string;
  readonly partition: number;
  readonly from: number;
  readonly next: number;
}

export interface AcknowledgerSettings {
  readonly producer: Pick<RecordProducer, 'send'>;
  readonly registry: Pick<SchemaRegistry, 'idOf'>;
  readonly topic: string;
  readonly systemId: string;
  readonly build: string;
  /** Records that wait to be released; null before they are counted. */
  readonly parkedRecords: () => number | null;
  /** Acknowledgements kept in memory while the topic does not take any. */
  readonly limit: number;
  readonly stopped: AbortSignal;
  /** Confirmed again after some were dropped: read these partitions again from here. */
  readonly onRecovered: (offsets: readonly PartitionOffset[]) => void;
  /** The topic did not take them; tried again. */
  readonly onFailed: (error: unknown) => void;
}

/** Small on purpose: an arrival would keep its whole fetch in memory while it waits. */
interface Waiting {
  readonly parts: readonly Part[];
  readonly acknowledgements: readonly Acknowledgement[];
  /** Who asked to be told when all before it is confirmed, or a try of it failed. */
  readonly asked?: { readonly resolve: () => void; readonly reject: (error: unknown) => void };
}

interface Acknowledgement {
  readonly value: PropagationAcknowledgement;
  readonly traceparent: string | undefined;
}

/**
 * Sends acknowledgements after the commit, in order, and keeps the acknowledged cursor: per partition, up to where the
 * broker has confirmed everything. Applying never waits for it. When too many wait, the newest are dropped; the cursor
 * stays before them, and once the topic takes some again they are read again.
 */
export class Acknowledger {
  readonly #settings: AcknowledgerSettings;
  readonly #format = acknowledgementFormat();
  readonly #cursors = new Map<string, PartitionOffset>();
  readonly #dropped = new Set<string>();
  #waiting: Waiting[] = [];
  #count = 0;
  #failing = false;
  #sending: Promise<void> | null = null;

  constructor(settings: AcknowledgerSettings) {
    this.#settings = settings;
  }

  /** Acknowledgements not confirmed yet. */
  get depth(): number {
    return this.#count;
  }

  /** True while the topic takes none, or some were dropped and are not read again yet. */
  get behind(): boolean {
    return this.#failing || this.#dropped.size > 0;
  }

  /** The acknowledged cursor of a partition as it starts. */
  start(at: PartitionOffset): void {
    this.#cursors.set(keyOf(at), at);
    this.#dropped.delete(keyOf(at));
  }

  /** Acknowledged cursors: may be committed to the group. */
  cursors(topic: string): PartitionOffset[] {
    return [...this.#cursors.values()].filter((cursor) => cursor.topic === topic);
  }

  add(parts: readonly Part[], concluded: readonly Concluded[]): void {
    if (this.#count > 0 && this.#count + concluded.length > this.#settings.limit) {
      for (const part of parts) this.#dropped.add(keyOf(part));
      return;
    }
    const { systemId, build } = this.#settings;
    const parkedRecords = this.#settings.parkedRecords();
    const acknowledgements = concluded.map((one) => ({
      value: acknowledgementOf(one, systemId, build, parkedRecords),
      traceparent: traceparentOf(one.arrival.record),
    }));
    this.#waiting.push({ parts, acknowledgements });
    this.#count += concluded.length;
    this.#sending ??= this.#send();
  }

  /** Resolves when all that was added before is confirmed. @throws why the topic does not take it; it is tried again all the same */
  soFar(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ parts: [], acknowledgements: [], asked: { resolve, reject } });
      this.#sending ??= this.#send();
    });
  }

  /** Resolves when nothing waits, or when stopped. */
  async drained(): Promise<void> {
    while (this.#sending) await this.#sending;
  }

  async #send(): Promise<void> {
    // Chunks committed in the same turn share a request.
    await Promise.resolve();
    for (let attempt = 0; this.#waiting.length > 0;) {
      // A copy: `add` goes on pushing while the request is under way.
      const batch = [...this.#waiting];
      try {
        await this.#settings.producer.send(
          await this.#encode(batch.flatMap(({ acknowledgements }) => acknowledgements)),
        );
        attempt = 0;
        this.#failing = false;
        this.#waiting = this.#waiting.slice(batch.length);
        for (const { parts, acknowledgements, asked } of batch) {
          this.#confirm(parts, acknowledgements.length);
          asked?.resolve();
        }
        if (this.#waiting.length === 0) this.#recover();
      } catch (error) {
        for (const { asked } of this.#waiting) asked?.reject(error);
        this.#waiting = this.#waiting.filter(({ asked }) => asked === undefined);
        if (error instanceof KafkaSendError && error.code === 'CLOSED') break;
        this.#failing = true;
        this.#settings.onFailed(error);
        await backOff(attempt++, this.#settings.stopped).catch(() => undefined);
        if (this.#settings.stopped.aborted) break;
      }
    }
    // At once, not in a promise callback: what is added in between would wait for the next chunk.
    this.#sending = null;
  }

  async #encode(all: readonly Acknowledgement[]): Promise<OutgoingRecord[]> {
    const { registry, topic } = this.#settings;
    if (all.length === 0) return [];
    const schemaId = await registry.idOf(registrySubjectOf(topic), PropagationAcknowledgementSchema);
    return all.map(({ value, traceparent }) => ({
      topic,
      key: value.subjectId,
      value: this.#format.encode(schemaId, value),
      ...(traceparent === undefined ? {} : { headers: { [HEADERS.traceparent]: traceparent } }),
    }));
  }

  /** Moves on only where nothing is missing in between: what was dropped, or read before a seek, moves nothing. */
  #confirm(parts: readonly Part[], count: number): void {
    this.#count -= count;
    for (const part of parts) {
      const key = keyOf(part);
      const cursor = this.#cursors.get(key);
      if (cursor !== undefined && part.from <= cursor.offset && part.next > cursor.offset)
        this.#cursors.set(key, { ...cursor, offset: part.next });
    }
  }

  #recover(): void {
    if (this.#dropped.size === 0) return;
    const again = [...this.#dropped].flatMap((key) => this.#cursors.get(key) ?? []);
    this.#dropped.clear();
    this.#settings.onRecovered(again);
  }
}

const keyOf = ({ topic, partition }: { topic: string; partition: number }): string => `${topic}/${partition}`;
