import { earliest } from './earliest.js';
import { type EndedCategory } from '@consent/events';
import { addPeriod, periodBefore } from './calendar.js';
import { toldEnds } from './ended-categories.js';
import { oncePer } from './once-per.js';
import { factsFor, permissionIn, reachedScopes, stateIn } from './prerequisites.js';
import { type Catalogue, type Purpose, type Scope, type SubjectFacts, type SubjectView } from './types.js';

type Known = Pick<SubjectView, 'facts'>;

/** The end of the contract that ended the collection of data, epoch ms; null while one runs. */
function endedContract(facts: SubjectFacts | null): number | null {
  const end = facts?.contractEnd ?? null;
  return end === null || (facts?.contractStart ?? 0) > end ? null : end;
}

/** The end of a contract, and when a later one began, whose data have no end yet: what had ended by then stays ended. Epoch ms. */
function lastEnd(facts: SubjectFacts | null): { end: number; until: number } | null {
  const end = facts?.contractEnd ?? null;
  const start = facts?.contractStart ?? 0;
  return end === null ? null : { end, until: start > end ? start : Infinity };
}

/** The moments at which data of any kind come to their end, epoch ms. */
export function dataMoments({ facts }: Known, catalogue: Pick<Catalogue, 'purposes'>): number[] {
  const last = lastEnd(facts);
  if (last === null) return [];
  return dataPeriods(catalogue.purposes)
    .map((period) => addPeriod(last.end, period))
    .filter((moment) => moment <= last.until);
}

/** Every period for which data of some kind are kept after a contract, once. */
const dataPeriods = oncePer((purposes: Catalogue['purposes']): readonly string[] => {
  const clocks = [...purposes.values()].flatMap(({ dataClocks }) => dataClocks);
  return [...new Set(clocks.flatMap(({ period }) => period ?? []))];
});

/** When the data of each kind come to their end by the end of a contract, epoch ms. */
const endsBy = (contractEnd: number, { dataClocks }: Purpose): EndedCategory[] =>
  dataClocks.flatMap(({ category, period }) =>
    period === null ? [] : { category, endedAt: addPeriod(contractEnd, period) },
  );

/** Whether data may have been collected for a purpose before the contract ended: something was decided, or it was open by default. */
const wasPursued = (view: SubjectView, catalogue: Catalogue, purpose: Purpose, scope: Scope, end: number): boolean =>
  stateIn(view, purpose.id, scope.id) !== null || permissionIn(view, catalogue, purpose, scope, end - 1).allowed;

/**
 * The kinds of data whose retention under a purpose has ended by `at` and of which no entry tells yet: "clock per (purpose,
 * data category), never per table" (C11). Their end says nothing about the permission, and the permission nothing about it:
 * data may stay while another purpose covers them.
 * @param isTold an entry about the purpose is written at that moment: from then on it counts as pursued
 */
export function newlyEnded(
  view: SubjectView,
  catalogue: Catalogue,
  purpose: Purpose,
  scope: Scope,
  at: number,
  isTold = false,
): EndedCategory[] {
  const last = purpose.dataClocks.length === 0 ? null : lastEnd(factsFor(view, scope));
  if (last === null || last.end > at) return [];
  const { end, until } = last;
  const told = toldEnds(purpose, stateIn(view, purpose.id, scope.id));
  const ended = endsBy(end, purpose).filter(
    ({ category, endedAt }) =>
      endedAt <= Math.min(at, until) && !told.some((t) => t.category === category && t.endedAt >= endedAt),
  );
  return ended.length > 0 && (isTold || wasPursued(view, catalogue, purpose, scope, end)) ? ended : [];
}

/**
 * The earliest end of data up to `at` of which no entry tells, because what it follows from became known only after it;
 * epoch ms, null when there is none.
 * @param mayMiss where to look; default: everywhere
 */
export function firstMissedEnd(
  view: SubjectView,
  catalogue: Catalogue,
  at: number,
  mayMiss: (purpose: Purpose, scope: Scope) => boolean = () => true,
): number | null {
  if ((lastEnd(view.facts)?.end ?? Infinity) > at) return null;
  const missed: number[] = [];
  for (const purpose of catalogue.purposes.values())
    if (purpose.dataClocks.length > 0)
      for (const scope of reachedScopes(view, purpose))
        if (mayMiss(purpose, scope))
          missed.push(...newlyEnded(view, catalogue, purpose, scope, at).map(({ endedAt }) => endedAt));
  return earliest(missed);
}

/** How far data of one kind may be used under a purpose, as far as their retention goes. */
export interface Retained {
  /** Epoch ms: what was collected before has come to its end; null: nothing has. */
  endedAt: number | null;
  /** Whether data were, or may have been, collected since: another contract runs, or ended later. */
  isCollectedSince: boolean;
  /** Epoch ms: when data of the contract that has an end come to theirs; null where no moment is known. */
  endsAt: number | null;
}

/** What entries tell of the retention of a kind of data by `at`, and what is due by then and has still to be written down. */
export function retained(
  view: SubjectView,
  catalogue: Catalogue,
  purpose: Purpose,
  scope: Scope,
  category: string,
  at: number,
): Retained {
  const told = toldEnds(purpose, stateIn(view, purpose.id, scope.id));
  const ends = [...told, ...newlyEnded(view, catalogue, purpose, scope, at)].flatMap((ended) =>
    ended.category === category && ended.endedAt <= at ? ended.endedAt : [],
  );
  const endedAt = ends.length === 0 ? null : Math.max(...ends);
  const contractEnd = endedContract(factsFor(view, scope));
  const toCome = (contractEnd === null ? [] : endsBy(contractEnd, purpose)).flatMap((end) =>
    end.category === category && end.endedAt > at ? end.endedAt : [],
  );
  return {
    endedAt,
    isCollectedSince: endedAt !== null && (contractEnd === null || contractEnd > endedAt),
    endsAt: earliest(toCome),
  };
}

/**
 * From when on an item of data must have been collected to be used under a purpose at `at`, where each has a limit of its
 * own: "each purpose stops reading at its own limit" (C11). It moves with the moment that is asked about, so no entry of the
 * ledger tells of it and nothing falls due: whoever holds the data reads it from "may I?", or the period from the catalogue.
 * @returns epoch ms; null: items have no limit of their own
 */
export function itemsSince({ dataClocks }: Purpose, category: string, at: number): number | null {
  const period = dataClocks.find((clock) => clock.category === category)?.perItem ?? null;
  return period === null ? null : periodBefore(at, period);
}
