import { type AnswerPlace, isBefore, isSettled, type Pair, type Propagation } from './propagation.js';

/**
 * Joins two findings about one decision, whichever was read first. Merging what is known already gives `known` itself. Of
 * the decision the first record counts, since a relay that publishes twice delays nobody. Of a pair the first settling
 * answer counts that no other kind of answer follows, else the newest: a system that has lost what it had applied is believed.
 * Whose decision it is, and which, only the decision itself says for good: an answer that was read before it may be wrong.
 *
 * Of settling answers one is kept, so findings have to adjoin or overlap, as they do: the answers of a pair stand in one
 * partition, which is read in order, and after a restart again from before what is stored.
 */
export function merge(known: Propagation, found: Propagation): Propagation {
  let systems = known.systems;
  for (const [system, pair] of Object.entries(found.systems)) {
    const before = systems[system];
    const after = before === undefined ? pair : mergePair(before, pair);
    if (after !== before) systems = { ...systems, [system]: after };
  }
  if (systems === known.systems && (known.facts !== null || found.facts === null)) return known;
  return { ...(known.facts === null && found.facts !== null ? found : known), seenAt: known.seenAt, systems };
}

export function mergePair(known: Pair, found: Pair): Pair {
  const applyBy = known.applyBy ?? found.applyBy;
  const answer = answerThatCounts(known, found);
  return applyBy === undefined || answer.applyBy === applyBy ? answer : { ...answer, applyBy };
}

function answerThatCounts(known: Pair, found: Pair): Pair {
  if (found.acknowledgedAt === undefined) return known;
  if (known.acknowledgedAt === undefined) return found;
  const [first, second] = isBefore(found, known) ? [found, known] : [known, found];
  const unsettled = newestOf(unsettledIn(known), unsettledIn(found));
  if (settles(first, unsettled)) return behind(first, unsettled);
  if (settles(second, unsettled)) return behind(second, unsettled);
  return isBefore(known, found) ? found : known;
}

const unsettledIn = (pair: Pair): AnswerPlace | undefined => (isSettled(pair.outcome) ? pair.unsettled : pair);

function newestOf(one: AnswerPlace | undefined, other: AnswerPlace | undefined): AnswerPlace | undefined {
  if (one === undefined || other === undefined) return one ?? other;
  return isBefore(one, other) ? other : one;
}

const settles = (pair: Pair, unsettled: AnswerPlace | undefined): boolean =>
  isSettled(pair.outcome) && (unsettled === undefined || isBefore(unsettled, pair));

function behind(settled: Pair, unsettled: AnswerPlace | undefined): Pair {
  if (unsettled === undefined || (settled.unsettled && !isBefore(settled.unsettled, unsettled))) return settled;
  const { acknowledgedAt = 0, offset } = unsettled;
  return { ...settled, unsettled: { acknowledgedAt, ...(offset === undefined ? {} : { offset }) } };
}
