import { type ConsentDecision } from '@consent/events';
import { isTransient, type Transaction } from '@consent/postgres';
import { type UnitRun } from '../core/conclude.js';
import { type Step } from '../core/fold.js';
import { type Unit } from '../core/plan.js';
import { REASONS } from '../core/reasons.js';
import { restricted } from '../core/restrict.js';
import { type AnySystem, type EffectCounts, runEffects } from './run-effects.js';

/** All units at once, first the closings that something newer opens again, then the newest. Throws when one fails. */
export async function runTogether(
  tx: Transaction,
  system: AnySystem,
  units: readonly Unit[],
  counts: EffectCounts,
): Promise<UnitRun[]> {
  const closings: ConsentDecision[] = [];
  const newest: ConsentDecision[] = [];
  for (const unit of units) {
    if (unit.closing !== null) closings.push(unit.closing.decision);
    if (unit.newest !== null) newest.push(unit.newest.decision);
  }
  await runEffects(tx, system, closings, counts);
  await runEffects(tx, system, newest, counts);
  return units.map((unit) => ({ unit, applied: stepsOf(unit), failure: null }));
}

function stepsOf({ closing, newest }: Unit): Step[] {
  if (newest === null) return [];
  return closing === null ? [newest] : [closing, newest];
}

export interface Isolation {
  /** Called for each unit that fails for good; may throw to give the chunk up. */
  onFailure: (error: unknown) => void;
  /** Called when even the closing that a parked opening gets has failed: the system may still act on an old grant. */
  onClosingFailed: (error: unknown) => void;
}

/** As `runTogether`, but what fails for good is found by halving, undone, and left out. Transient errors are thrown. */
export async function runIsolated(
  tx: Transaction,
  system: AnySystem,
  units: readonly Unit[],
  counts: EffectCounts,
  isolation: Isolation,
): Promise<UnitRun[]> {
  // What a deferred constraint would refuse at COMMIT is refused here, where it can be told whose it is.
  await tx.query('SET CONSTRAINTS ALL IMMEDIATE');
  const halve = async (part: readonly Unit[]): Promise<UnitRun[]> => {
    const [only] = part;
    if (only === undefined) return [];
    try {
      return await attempt(tx, counts, (own) => runTogether(tx, system, part, own));
    } catch (error) {
      if (isTransient(error)) throw error;
      if (part.length === 1) return [await runFailing(tx, system, only, counts, error, isolation)];
      const middle = part.length >> 1;
      return [...(await halve(part.slice(0, middle))), ...(await halve(part.slice(middle)))];
    }
  };
  return halve(units);
}

/** Closings pass: one that was folded before the failing decision runs alone, and an opening that parks closes. */
async function runFailing(
  tx: Transaction,
  system: AnySystem,
  unit: Unit,
  counts: EffectCounts,
  error: unknown,
  { onFailure, onClosingFailed }: Isolation,
): Promise<UnitRun> {
  onFailure(error);
  const { closing, newest, held } = unit;
  const failure = { reason: REASONS.effectFailed, detail: describe(error) };
  const close = closing?.decision ?? (newest?.allowed && held?.allowed ? restricted(newest.decision) : null);
  if (close === null) return { unit, applied: [], failure };
  try {
    await attempt(tx, counts, (own) => runEffects(tx, system, [close], own));
    return { unit, applied: closing === null ? [] : [closing], failure };
  } catch (second) {
    if (isTransient(second)) throw second;
    onClosingFailed(second);
    return { unit, applied: [], failure };
  }
}

/** Counts only what stays. */
async function attempt<T>(tx: Transaction, counts: EffectCounts, work: (own: EffectCounts) => Promise<T>): Promise<T> {
  const own: EffectCounts = new Map();
  const result = await tx.savepoint(() => work(own));
  for (const [decisionId, rows] of own) counts.set(decisionId, rows);
  return result;
}

/** Message, SQLSTATE and constraint; not the detail, which quotes whole rows. */
export function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { code, constraint, table } = error as { code?: unknown; constraint?: unknown; table?: unknown };
  const facts = Object.entries({ code, table, constraint }).filter(([, value]) => typeof value === 'string');
  return [error.message, ...facts.map(([name, value]) => `${name} ${String(value)}`)].join('; ');
}
