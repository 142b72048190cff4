/** Length of a slice of the time of commit, as the ledger cuts it; slices begin at multiples of it. */
export const SLICE_MS = 5_000;

/** Decisions of one partition that were committed within one slice. */
export interface Slice {
  /** Epoch milliseconds. */
  start: number;
  partition: number;
  decisions: number;
  /** Sum of the last 32 bits of the decision ids: tells equal counts apart. */
  idSum: number;
}

/** A slice as the ledger has it. */
export interface LedgerSlice extends Slice {
  /** Of the decisions, in the outbox: not published yet, or not yet known to be. */
  waiting: number;
}

/** A span in epoch milliseconds, from since up to and not including until. */
export interface Span {
  since: number;
  until: number;
}

export const sliceOf = (at: number): number => Math.floor(at / SLICE_MS) * SLICE_MS;
export const keyOf = ({ start, partition }: { start: number; partition: number }): string => `${start}/${partition}`;
export const tailOf = (decisionId: string): number => Number.parseInt(decisionId.slice(-8), 16);
