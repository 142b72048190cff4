import { type Transaction } from '@consent/postgres';
import { type Entry, isReadable, type Unreadable } from '../core/arrival.js';
import { type Concluded, conclude, type ToPark } from '../core/conclude.js';
import { type Held } from '../core/held.js';
import { byTriple, concerns, type Group, plan } from '../core/plan.js';
import { closeStates, writeStates } from '../store/write-states.js';
import { type CursorMove, moveCursors } from '../store/cursors.js';
import { lockStates } from '../store/lock-states.js';
import { forgetParked, holdBack, park, resolveParked } from '../store/park.js';
import { readRestraints } from '../store/read-restraints.js';
import { recordConflicts } from '../store/record-conflicts.js';
import { type AnySystem, type EffectCounts } from './run-effects.js';
import { type Isolation, runIsolated, runTogether } from './run-units.js';

/** What one transaction applies: records of many partitions, each partition's in order. */
export interface Chunk {
  readonly entries: readonly Entry[];
  readonly moves: readonly CursorMove[];
}

/** What a committed chunk has to say. */
export interface Applied {
  readonly concluded: readonly Concluded[];
  readonly conflicts: number;
  /** Records parked, unreadable ones and those that wait for others among them. */
  readonly parked: readonly (ToPark | Unreadable)[];
  /** Of these, the ones that failed by themselves. */
  readonly failed: number;
  /** Parked rows that wait no more. */
  readonly resolved: number;
}

/**
 * Applies a chunk inside `tx`: lock, plan, run the effects, write state, parked rows and cursors.
 * @param isolation null on the first try, when everything is expected to work
 * @param now epoch ms
 * @throws ConcurrentWriterError, CursorBehindError, and whatever an effect throws that is not isolated
 */
export async function applyChunk(
  tx: Transaction,
  { entries, moves }: Chunk,
  system: AnySystem,
  isolation: Isolation | null,
  now: number,
): Promise<Applied> {
  const groups = byTriple(entries, system.systemId);
  const held = await readHeld(tx, groups);
  const { units, unreadable } = plan(entries, groups, held, system);

  const counts: EffectCounts = new Map();
  const runs = isolation
    ? await runIsolated(tx, system, units, counts, isolation)
    : await runTogether(tx, system, units, counts);
  const { concluded, states, park: failing, resolved } = conclude(runs, counts, now);

  await Promise.all([writeStates(tx, states, now), moveCursors(tx, moves)]);
  const released = entries.filter(({ parkedId }) => parkedId !== null);
  const toPark = [...unreadable, ...failing];
  const failed = runs.filter(({ failure, applied }) => failure !== null && applied.length === 0);
  if (failed.length > 0)
    await closeStates(
      tx,
      failed.map(({ unit }) => unit.triple),
    );
  if (toPark.length > 0) await park(tx, toPark, now);
  await resolveParked(tx, resolved, now);
  const foreign = released.filter((entry) => isReadable(entry) && !concerns(entry.decision, system.systemId));
  if (foreign.length > 0)
    await forgetParked(
      tx,
      foreign.flatMap(({ parkedId }) => parkedId ?? []),
    );
  if (toPark.length > 0 || held.parked.size > 0 || released.length > 0) await holdBack(tx, subjectsOf(entries));
  const conflicts = units.flatMap((unit) => unit.conflicts);
  if (conflicts.length > 0) await recordConflicts(tx, conflicts, now);
  return {
    concluded,
    conflicts: conflicts.length,
    parked: toPark,
    failed: unreadable.length + runs.filter(({ failure }) => failure !== null).length,
    resolved: resolved.length,
  };
}

async function readHeld(tx: Transaction, groups: ReadonlyMap<string, Group>): Promise<Held> {
  if (groups.size === 0) return { states: new Map(), floors: new Map(), parked: new Map() };
  const subjects = new Set<string>();
  groups.forEach(({ triple }) => subjects.add(triple.subjectId));
  const [states, restraints] = await Promise.all([lockStates(tx, groups), readRestraints(tx, [...subjects])]);
  return { states, ...restraints };
}

const subjectsOf = (entries: readonly Entry[]): string[] => [
  ...new Set(entries.flatMap((entry) => ('decision' in entry ? entry.decision.subjectId : (entry.subjectId ?? [])))),
];
