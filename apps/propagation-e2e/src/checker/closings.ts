import { type PropagationAcknowledgement } from '@consent/events';
import { type Evidence, type LedgerEntry, type Violation } from './evidence.js';

/** What a system has said about its decisions, all its answers to one together. */
interface Said {
  /** Its own effects ran and changed something. */
  changed(decisionId: string): boolean;
  /** It was the newest of its triple when it was applied. */
  wasInForce(decisionId: string): boolean;
  /** An answer may have been lost with the process that had it, and the next one says `superseded` and counts nothing. */
  mayHaveLostAnswers: boolean;
}

/**
 * What an opening began was undone before the next opening: by the closing itself, or by a later one in whose chunk it
 * went. Where a process was killed with its answers, an opening that begins anew says so too: nothing was left to end.
 */
export function* everyClosingTookEffect({ history, ledger, acknowledgements }: Evidence): Iterable<Violation> {
  const killed = new Set(history.flatMap((line) => (line.kind === 'killed' ? [line.systemId] : [])));
  const ofSystem = Map.groupBy(acknowledgements, ({ systemId }) => systemId);
  for (const systemId of new Set(ledger.flatMap(({ systems }) => systems))) {
    const said = heard(ofSystem.get(systemId) ?? [], killed.has(systemId));
    const concerned = ledger.filter(({ systems }) => systems.includes(systemId));
    for (const entries of Map.groupBy(concerned, ({ triple }) => triple).values())
      for (const { decisionId, triple, version } of closingsWithoutEffect(entries, said))
        yield { promise: "every closing's effect ran", detail: `${systemId} ${triple}: v${version} ${decisionId}` };
  }
}

function heard(answers: readonly PropagationAcknowledgement[], mayHaveLostAnswers: boolean): Said {
  const changed = new Set<string>();
  const inForce = new Set<string>();
  for (const { decisionId, outcome, effects } of answers) {
    if (outcome === 'applied' || outcome === 'no_effect') inForce.add(decisionId);
    if ((outcome === 'applied' || outcome === 'superseded') && effects.some(({ count }) => count > 0))
      changed.add(decisionId);
  }
  return {
    changed: (decisionId) => changed.has(decisionId),
    wasInForce: (decisionId) => inForce.has(decisionId),
    mayHaveLostAnswers,
  };
}

/** @param entries of one triple */
function* closingsWithoutEffect(entries: readonly LedgerEntry[], said: Said): Iterable<LedgerEntry> {
  let begun = false;
  let owed: LedgerEntry | null = null;
  for (const entry of entries.toSorted((a, b) => a.version - b.version)) {
    const changed = said.changed(entry.decisionId);
    if (!entry.allowed) {
      if (begun && !changed) owed ??= entry;
      if (changed) [begun, owed] = [false, null];
    } else if (said.wasInForce(entry.decisionId)) {
      if (owed && !(changed && said.mayHaveLostAnswers)) yield owed;
      owed = null;
      begun ||= changed;
    }
  }
  if (owed) yield owed;
}
