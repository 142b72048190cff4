import { type Message, type TopicMessages } from 'kafkajs';

export interface OutgoingRecord {
  topic: string;
  key: string | Buffer | null;
  value: Buffer | null;
  /** Values are UTF-8 text. */
  headers?: Record<string, string | Buffer>;
  /** Given by whoever knows it; else murmur2 of the key. */
  partition?: number;
}

/** Of records that share a request; the broker refuses a batch of a partition above 1 MiB. A larger record goes alone. */
const MAX_REQUEST_BYTES = 900_000;
const MAX_REQUEST_RECORDS = 5_000;
const FRAMING_BYTES = 64;

/** Bytes of a record on the wire, estimated from above. */
export function bytesOf({ key, value, headers }: OutgoingRecord): number {
  let bytes = FRAMING_BYTES + (key?.length ?? 0) + (value?.length ?? 0);
  for (const name in headers) bytes += name.length + (headers[name]?.length ?? 0) + 4;
  return bytes;
}

interface Pending {
  records: readonly OutgoingRecord[];
  /** How many of `records` have been handed out. */
  taken: number;
  resolve: () => void;
  reject: (error: unknown) => void;
}

export interface SendRequest {
  records: OutgoingRecord[];
  succeed(): void;
  /** Rejects every call that has records in this request, and drops the rest of those calls. */
  fail(error: unknown): void;
}

/** Calls waiting for the request in flight, cut into requests that the broker accepts. */
export class SendQueue {
  #waiting: Pending[] = [];

  add(records: readonly OutgoingRecord[]): Promise<void> {
    return new Promise((resolve, reject) => this.#waiting.push({ records, taken: 0, resolve, reject }));
  }

  next(): SendRequest | null {
    const records: OutgoingRecord[] = [];
    const shared: Pending[] = [];
    let bytes = 0;
    while (this.#waiting[0] !== undefined) {
      const call = this.#waiting[0];
      if (!shared.includes(call)) shared.push(call);
      for (; call.taken < call.records.length; call.taken++) {
        const record = call.records[call.taken];
        if (record === undefined) continue;
        bytes += bytesOf(record);
        if (records.length > 0 && (bytes > MAX_REQUEST_BYTES || records.length >= MAX_REQUEST_RECORDS))
          return this.#request(records, shared);
        records.push(record);
      }
      this.#waiting.shift();
    }
    return records.length === 0 ? null : this.#request(records, shared);
  }

  #request(records: OutgoingRecord[], shared: Pending[]): SendRequest {
    return {
      records,
      succeed: () => {
        for (const call of shared) if (call.taken === call.records.length) call.resolve();
      },
      fail: (error) => {
        this.#waiting = this.#waiting.filter((call) => !shared.includes(call));
        for (const call of shared) call.reject(error);
      },
    };
  }
}

export function groupByTopic(records: readonly OutgoingRecord[]): TopicMessages[] {
  const byTopic = new Map<string, Message[]>();
  for (const record of records) {
    const messages = byTopic.get(record.topic);
    if (messages) messages.push(record);
    else byTopic.set(record.topic, [record]);
  }
  return [...byTopic].map(([topic, messages]) => ({ topic, messages }));
}
