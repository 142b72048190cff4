import { type ConsentDecision, HEARTBEAT_PURPOSE, type Triple, tripleKey, tripleOf } from '@consent/events';
import { type Arrival, type Entry, isReadable, type Unreadable } from './arrival.js';
import { fold, type Folded } from './fold.js';
import { type Held, type HeldState, type ParkedRow } from './held.js';

/** All that a chunk means for one (subject, scope, purpose). What fails, fails by this unit. */
export interface Unit extends Folded {
  readonly triple: Triple;
  readonly held: HeldState | null;
  /** Parked rows of the triple, those that this chunk releases among them. */
  readonly parked: readonly ParkedRow[];
}

export interface Plan {
  readonly units: readonly Unit[];
  readonly unreadable: readonly Unreadable[];
}

/** What the planner must know of the system. */
export interface SystemRules {
  readonly systemId: string;
  readonly purposes: ReadonlySet<string>;
}

/** Whether the decision names the system. A system that is not named does nothing and says nothing. */
export function concerns({ systems }: ConsentDecision, systemId: string): boolean {
  for (const system of systems) if (system.systemId === systemId) return true;
  return false;
}

/** Arrivals of one triple. */
export interface Group {
  readonly triple: Triple;
  readonly arrivals: Arrival[];
}

/** A chunk's arrivals by triple, in order of first arrival. Decisions that do not concern the system are left out. */
export function byTriple(entries: readonly Entry[], systemId: string): Map<string, Group> {
  const groups = new Map<string, Group>();
  for (const entry of entries) {
    if (!isReadable(entry) || !concerns(entry.decision, systemId)) continue;
    const triple = tripleOf(entry.decision);
    const key = tripleKey(triple);
    const group = groups.get(key);
    if (group) group.arrivals.push(entry);
    else groups.set(key, { triple, arrivals: [entry] });
  }
  return groups;
}

/**
 * Decides what to do about a chunk, given what the database held once its rows were locked. Pure.
 * @param groups the chunk `byTriple`
 */
export function plan(
  entries: readonly Entry[],
  groups: ReadonlyMap<string, Group>,
  held: Held,
  rules: SystemRules,
): Plan {
  const unreadable = entries.filter((entry): entry is Unreadable => !isReadable(entry));
  const behind = unreadable.length === 0 ? NOBODY : behindUnreadable(entries);
  const released = held.parked.size === 0 ? NOBODY_ID : releasedIn(entries);
  const units: Unit[] = [];
  for (const [key, { triple, arrivals }] of groups) {
    const state = held.states.get(key) ?? null;
    const rows = held.parked.get(triple.subjectId) ?? NO_ROWS;
    const parked = rows.length === 0 ? NO_ROWS : rows.filter((row) => row.scopeId === null || isOf(row, triple));
    const folded = fold(arrivals, state, {
      floor: held.floors.get(triple.subjectId) ?? 0,
      purposeKnown: triple.purposeId === HEARTBEAT_PURPOSE || rules.purposes.has(triple.purposeId),
      parked: parked.filter((row) => !released.has(row.id) && !isReplayed(row, arrivals)),
      heldIsParked: parked.some(({ decisionId }) => decisionId === state?.decisionId),
      behindUnreadable: behind,
    });
    const { closing, newest, answers, conflicts } = folded;
    const ofTriple = parked.filter((row) => row.scopeId !== null);
    units.push({ triple, held: state, parked: ofTriple, closing, newest, answers, conflicts });
  }
  return { units, unreadable };
}

const NO_ROWS: readonly ParkedRow[] = [];
const NOBODY: ReadonlySet<Entry> = new Set();
const NOBODY_ID: ReadonlySet<string> = new Set();

const isOf = (row: ParkedRow, triple: Triple): boolean =>
  row.scopeId === triple.scopeId && row.purposeId === triple.purposeId;

/** An operator replays what is parked in order to have it tried again. */
const isReplayed = (row: ParkedRow, arrivals: readonly Arrival[]): boolean =>
  arrivals.some((arrival) => arrival.replay !== null && arrival.decision.decisionId === row.decisionId);

function releasedIn(entries: readonly Entry[]): ReadonlySet<string> {
  return new Set(entries.flatMap(({ parkedId }) => (parkedId === null ? [] : [parkedId])));
}

/** Arrivals that follow an unreadable record of their subject. */
function behindUnreadable(entries: readonly Entry[]): ReadonlySet<Entry> {
  const subjects = new Set<string | null>();
  const behind = new Set<Entry>();
  for (const entry of entries)
    if (!isReadable(entry)) subjects.add(entry.subjectId);
    else if (subjects.has(entry.decision.subjectId)) behind.add(entry);
  return behind;
}
