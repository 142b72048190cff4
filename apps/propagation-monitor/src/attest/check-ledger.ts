import { PARTITIONS } from '@consent/events';
import { type PartitionOffset, type PartitionRange } from '@consent/kafka';
import { type Transaction, withTransaction } from '@consent/postgres';
import { type DataSource } from 'typeorm';
import { readCursors } from '../store/cursors.js';
import { type GapTotals, readChecks, readGapTotals, readShown, storeChecks } from '../store/ledger-checks.js';
import { type AskLedger, CouldNotCheck } from './ask-ledger.js';
import { compare, type Finding } from './compare.js';
import { keyOf, SLICE_MS, sliceOf, type Span } from './slices.js';

/** A clock of the ledger that is set back may go back so far. */
const CLOSED_AFTER_MS = 60_000;
/** The ledger is asked for so much at once. */
const PORTION_MS = 900_000;
/** Beyond the monitor's own clock, for the ledger's may be ahead. */
const AHEAD_MS = 60_000;
/** Slices that did not agree before, looked at again in one round. */
const MOST_GAPS = 200;
const LONGEST_GAP_SPAN_MS = 60_000;
/** How long to wait until what is on the topic has been stored. */
const READ_WITHIN_MS = 10_000;
const LOOK_EVERY_MS = 200;

export interface CheckSettings {
  dataSource: DataSource;
  ask: AskLedger;
  /** The ends of the decisions topic as they are now. */
  decisionEnds: () => Promise<PartitionRange[]>;
  isRunning: () => boolean;
  /** A slice that ended so long ago is closed, unless an older transaction may still commit into it. */
  closedAfterMs?: number;
}

/** What one round has found. */
export interface LedgerFindings extends GapTotals {
  /** Ledger and topic were compared up to here, by the clock of the ledger's database. */
  asOf: number;
}

/**
 * Holds the ledger against what the topic has shown, from where the round before ended. The ledger is asked first, then
 * the topic for its ends; the counts are read once everything before these ends is stored.
 * @throws CouldNotCheck
 */
export async function checkLedger(settings: CheckSettings): Promise<LedgerFindings> {
  for (;;) {
    const { findings, upToNow } = await checkPortion(settings);
    if (upToNow || !settings.isRunning()) return findings;
  }
}

async function checkPortion(settings: CheckSettings): Promise<{ findings: LedgerFindings; upToNow: boolean }> {
  const { dataSource, ask } = settings;
  const inTransaction = <T>(work: (tx: Transaction) => Promise<T>): Promise<T> => withTransaction(dataSource, work);
  const { checkedUntil, gaps } = await inTransaction((tx) => readChecks(tx, MOST_GAPS));
  if (checkedUntil.size < PARTITIONS)
    throw new CouldNotCheck(
      'no-heartbeats',
      `Heartbeats have been read of ${checkedUntil.size} partitions, expected ${PARTITIONS}: they say from where counts are complete`,
    );
  const since = Math.min(...checkedUntil.values());
  const now = sliceOf(Date.now() + AHEAD_MS);
  const upToNow = since + PORTION_MS >= now;
  const newest = { since, until: upToNow ? Math.max(now, since + SLICE_MS) : since + PORTION_MS };
  const spans = [newest, ...spansOf(gaps.filter(({ start }) => start < since))];
  const answers = [];
  for (const span of spans) answers.push(await ask(span));
  const { asOf = 0, settledUntil = 0 } = answers[0] ?? {};
  await untilStored(await settings.decisionEnds(), settings);

  const asked = new Set(gaps.map(keyOf));
  const isGap = (slice: { start: number; partition: number }): boolean => asked.has(keyOf(slice));
  const settled = Math.min(asOf - (settings.closedAfterMs ?? CLOSED_AFTER_MS), settledUntil);
  const closedUntil = Math.max(since, Math.min(sliceOf(settled), newest.until));
  const found = compare({
    ledger: answers.flatMap(({ slices }) => slices),
    shown: await inTransaction((tx) => readShown(tx, spans)),
    closedUntil,
    isJudged: (slice) => slice.start >= (checkedUntil.get(slice.partition) ?? Infinity) || isGap(slice),
  });
  const closed = found.filter((finding) => finding.closed);
  const disagreed = new Set(closed.map(keyOf));
  const agreed = gaps.filter(
    (gap) => !disagreed.has(keyOf(gap)) && spans.some((span) => gap.start >= span.since && gap.start < span.until),
  );
  const totals = await inTransaction(async (tx) => {
    await storeChecks(tx, { gaps: closed, agreed, closedUntil });
    return readGapTotals(tx);
  });
  if (!upToNow && closedUntil < newest.until)
    throw new CouldNotCheck(
      'transaction-open',
      `A transaction of the ledger is open since ${new Date(settledUntil).toISOString()}; expected it to end within ${PORTION_MS / 60_000} minutes`,
    );
  return { findings: { ...withOpen(totals, found), asOf }, upToNow };
}

/** Findings of slices that are not closed are not stored: the next round finds them again. */
function withOpen(totals: GapTotals, found: readonly Finding[]): GapTotals {
  const sums = { ...totals };
  for (const { closed, missing, waiting, start } of found) {
    if (closed) continue;
    sums.missing += missing;
    sums.waiting += waiting;
    if (missing > 0) sums.oldestMissingAt = Math.min(sums.oldestMissingAt ?? start, start);
  }
  return sums;
}

/** Neighbouring slices as one span. */
function spansOf(gaps: readonly { start: number }[]): Span[] {
  const spans: Span[] = [];
  for (const start of [...new Set(gaps.map((gap) => gap.start))].sort((a, b) => a - b)) {
    const last = spans.at(-1);
    if (last && last.until === start && start - last.since < LONGEST_GAP_SPAN_MS) last.until = start + SLICE_MS;
    else spans.push({ since: start, until: start + SLICE_MS });
  }
  return spans;
}

async function untilStored(ends: readonly PartitionRange[], { dataSource, isRunning }: CheckSettings): Promise<void> {
  const isBefore = (cursors: readonly PartitionOffset[], { topic, partition, low, high }: PartitionRange): boolean =>
    high > low && !cursors.some((at) => at.topic === topic && at.partition === partition && at.offset >= high);
  for (const giveUpAt = performance.now() + READ_WITHIN_MS; ;) {
    const cursors = await withTransaction(dataSource, readCursors);
    const unread = ends.filter((end) => isBefore(cursors, end)).length;
    if (unread === 0) return;
    if (performance.now() > giveUpAt || !isRunning())
      throw new CouldNotCheck(
        'monitor-behind',
        `Of ${ends.length} partitions ${unread} are not read to where they ended when the ledger was asked`,
      );
    await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
  }
}
