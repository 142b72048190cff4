import { createHash } from 'node:crypto';
import { type ConsentDecision, HEARTBEAT_PURPOSE, PARTITIONS, SYSTEMS } from '@consent/events';
import { partitionOf } from '@consent/kafka';
import { type LeaderSession } from './leader-session.js';

/** By when a system must have applied a heartbeat. */
const APPLY_WITHIN_MS = 60_000;

/** One fixed synthetic subject per partition, whose key goes to that partition. The index is the partition. */
export const HEARTBEAT_SUBJECTS: readonly string[] = Array.from({ length: PARTITIONS }, (_, partition) => {
  for (let attempt = 0; ; attempt++) {
    const id = uuidFrom(`heartbeat subject ${partition} ${attempt}`);
    if (partitionOf(id) === partition) return id;
  }
});

const INSERT = `
INSERT INTO outbox (lane, kind, subject_id, partition)
SELECT 0, 'heartbeat', subject_id, partition
  FROM unnest($1::uuid[], $2::smallint[]) AS beat (subject_id, partition)
RETURNING id, partition`;

/**
 * Puts one heartbeat per partition into the outbox, where they wait like any decision. At most one waits per partition,
 * so a relay that is stuck for hours leaves 12 rows; their age is what shows it.
 */
export class Heartbeats {
  /** Partitions with a heartbeat in the outbox, by its id. */
  readonly #waiting = new Map<number, number>();

  /** What a former leader has left waiting. */
  static async resume(session: LeaderSession): Promise<Heartbeats> {
    const heartbeats = new Heartbeats();
    const { rows } = await session.query<{ id: string; partition: number }>(
      `SELECT id, partition FROM outbox WHERE kind = 'heartbeat'`,
    );
    for (const { id, partition } of rows) heartbeats.#waiting.set(partition, Number(id));
    return heartbeats;
  }

  async insert(session: LeaderSession): Promise<void> {
    const due = HEARTBEAT_SUBJECTS.map((_, partition) => partition).filter((p) => !this.#waiting.has(p));
    if (due.length === 0) return;
    const { rows } = await session.query<{ id: string; partition: number }>(
      INSERT,
      [due.map((partition) => HEARTBEAT_SUBJECTS[partition]), due],
      'insert-heartbeats',
    );
    for (const { id, partition } of rows) this.#waiting.set(partition, Number(id));
  }

  published(partition: number): void {
    this.#waiting.delete(partition);
  }
}

/** The decision of a heartbeat row. Its id follows from subject and version, so a second delivery is a duplicate. */
export function heartbeatDecision(subjectId: string, createdAt: number): ConsentDecision {
  return {
    decisionId: uuidFrom(`heartbeat decision ${subjectId} ${createdAt}`),
    subjectId,
    // Milliseconds of the database clock grow over restarts and take-overs, without a counter to keep.
    version: createdAt,
    scope: { level: 'person', id: subjectId },
    purposeId: HEARTBEAT_PURPOSE,
    status: 'given',
    direction: 'opening',
    permission: { allowed: true, reason: 'heartbeat', nextChangeAt: null },
    effective: true,
    cause: 'heartbeat',
    bundleId: null,
    notice: null,
    evidence: { channel: 'heartbeat', actor: 'system', caller: 'consent-relay', origin: null },
    decidedAt: createdAt,
    receivedAt: createdAt,
    committedAt: createdAt,
    catalogueVersion: 'none',
    brand: null,
    systems: SYSTEMS.map((systemId) => ({ systemId, applyBy: createdAt + APPLY_WITHIN_MS })),
    attributes: {},
    endedCategories: [],
  };
}

/** A version 8 UUID (RFC 9562: made from own data) of a text. */
function uuidFrom(text: string): string {
  const bytes = createHash('sha256').update(text).digest().subarray(0, 16);
  bytes.writeUInt8((bytes.readUInt8(6) & 0x0f) | 0x80, 6);
  bytes.writeUInt8((bytes.readUInt8(8) & 0x3f) | 0x80, 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
