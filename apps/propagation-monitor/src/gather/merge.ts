import { isSettled, type Pair, type Propagation } from './propagation.js';

/**
 * Joins two findings about one decision, whichever was read first. Merging what is known already gives `known` itself. Of
 * the decision the first record counts, since a relay that publishes twice delays nobody. Of a pair the first settling
 * answer counts, else the newest.
 */
export function merge(known: Propagation, found: Propagation): Propagation {
  let systems = known.systems;
  for (const [system, pair] of Object.entries(found.systems)) {
    const before = systems[system];
    const after = before === undefined ? pair : mergePair(before, pair);
    if (after !== before) systems = { ...systems, [system]: after };
  }
  if (systems === known.systems && (known.facts !== null || found.facts === null)) return known;
  return { ...known, facts: known.facts ?? found.facts, systems };
}

export function mergePair(known: Pair, found: Pair): Pair {
  const applyBy = known.applyBy ?? found.applyBy;
  const answer = answerThatCounts(known, found);
  return applyBy === undefined || answer.applyBy === applyBy ? answer : { ...answer, applyBy };
}

function answerThatCounts(known: Pair, found: Pair): Pair {
  if (found.acknowledgedAt === undefined) return known;
  if (known.acknowledgedAt === undefined) return found;
  if (isSettled(known.outcome) !== isSettled(found.outcome)) return isSettled(known.outcome) ? known : found;
  if (found.acknowledgedAt === known.acknowledgedAt) return known;
  const firstCounts = isSettled(known.outcome);
  return found.acknowledgedAt < known.acknowledgedAt === firstCounts ? found : known;
}
