import { type ConsentDecision, type ReplayMode } from '@consent/events';
import { type ConsumedRecord } from '@consent/kafka';

/** A decision that has arrived, with the record it came in. */
export interface Arrival {
  readonly decision: ConsentDecision;
  readonly record: ConsumedRecord;
  /** Null on the live topic. */
  readonly replay: Replay | null;
  /** The parked row it was released from; null when it came from a topic. */
  readonly parkedId: string | null;
}

export interface Replay {
  readonly id: string;
  readonly mode: ReplayMode;
  /** The ledger says: nothing newer exists for this triple. Only then may a repair open. */
  readonly ledgerHead: boolean;
}

/** A record that is no decision: bytes, ids or key cannot be read. Its subject waits, since it may be any purpose. */
export interface Unreadable {
  readonly record: ConsumedRecord;
  /** From the key; null when that is unreadable too. */
  readonly subjectId: string | null;
  readonly reason: string;
  readonly detail: string;
  readonly parkedId: string | null;
}

export type Entry = Arrival | Unreadable;

export const isReadable = (entry: Entry): entry is Arrival => 'decision' in entry;
