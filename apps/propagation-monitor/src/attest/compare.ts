import { keyOf, type LedgerSlice, type Slice, SLICE_MS } from './slices.js';

/** A slice on which ledger and topic do not agree, or not yet. */
export interface Finding {
  start: number;
  partition: number;
  /** In the ledger, left the outbox, never shown by the topic: at least so many. */
  missing: number;
  /** Shown by the topic and not in the ledger. */
  unrecorded: number;
  /** In the outbox still. */
  waiting: number;
  /** Nothing is committed into the slice any more. */
  closed: boolean;
}

export interface Comparison {
  /** What the ledger held at a moment. */
  ledger: readonly LedgerSlice[];
  /** What the topic has shown, read after that moment and up to an end of the topic seen after it. */
  shown: readonly Slice[];
  /** Slices that end before it are closed. */
  closedUntil: number;
  /** Slices that this comparison is about. */
  isJudged: (slice: { start: number; partition: number }) => boolean;
}

/**
 * Where the two differ. The ledger's snapshot is the older of the two, so that a decision which left the outbox before it
 * must have been shown: what is found missing is missing. What waited then may have been shown since, and can hide as many
 * missing ones until it no longer waits. Too many on the topic says something only of a closed slice.
 */
export function compare({ ledger, shown, closedUntil, isJudged }: Comparison): Finding[] {
  const shownBy = new Map(shown.map((slice) => [keyOf(slice), slice]));
  const ledgerBy = new Map(ledger.map((slice) => [keyOf(slice), slice]));
  const onlyShown = shown.filter((slice) => !ledgerBy.has(keyOf(slice))).map((slice) => ({ ...slice, ...NONE }));
  return [...ledger, ...onlyShown].filter(isJudged).flatMap((of) => {
    const { start, partition, waiting } = of;
    const closed = start + SLICE_MS <= closedUntil;
    const { decisions, idSum } = shownBy.get(keyOf(of)) ?? NONE;
    const others = closed && waiting === 0 && decisions === of.decisions && idSum !== of.idSum ? 1 : 0;
    const missing = Math.max(others, of.decisions - waiting - decisions);
    const unrecorded = closed ? Math.max(others, decisions - of.decisions) : 0;
    return missing + unrecorded + waiting > 0 ? [{ start, partition, missing, unrecorded, waiting, closed }] : [];
  });
}

const NONE = { decisions: 0, idSum: 0, waiting: 0 };
