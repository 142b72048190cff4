import { everyClosingTookEffect } from './closings.js';
import { type Evidence, type LedgerEntry, type Violation } from './evidence.js';

/** Judges a finished run. Empty: every promise held. Pure; knows the promises and nothing of how services keep them. */
export function judge(evidence: Evidence): Violation[] {
  return [
    ...everyAcceptedDecisionIsInTheLedger(evidence),
    ...versionsAreGapless(evidence),
    ...everyLedgerEntryIsOnTheTopicInOrder(evidence),
    ...everyConcernedSystemAcknowledged(evidence),
    ...acknowledgementsAreOfLedgerDecisions(evidence),
    ...everyClosingTookEffect(evidence),
    ...everySystemWasLookedAt(evidence),
    ...effectiveStateEqualsLedger(evidence),
    ...everyStateFollowsFromTheLedger(evidence),
    ...noStateWentBack(evidence),
  ];
}

function* everyAcceptedDecisionIsInTheLedger({ history, ledger }: Evidence): Iterable<Violation> {
  const found = new Map(ledger.map((entry) => [entry.decisionId, entry]));
  for (const line of history) {
    if (line.kind !== 'accepted') continue;
    const entry = found.get(line.decisionId);
    if (entry?.version !== line.version)
      yield {
        promise: 'accepted is recorded',
        detail: `${line.decisionId} v${line.version}, ledger v${entry?.version}`,
      };
  }
}

function* versionsAreGapless({ ledger }: Evidence): Iterable<Violation> {
  for (const [subjectId, entries] of Map.groupBy(ledger, (entry) => entry.subjectId)) {
    const versions = entries.map((entry) => entry.version).sort((a, b) => a - b);
    if (versions.some((version, index) => version !== index + 1))
      yield { promise: 'versions are gapless', detail: `${subjectId}: ${versions.join(' ')}` };
  }
}

function* everyLedgerEntryIsOnTheTopicInOrder({ ledger, decisions }: Evidence): Iterable<Violation> {
  const recorded = new Map(ledger.map((entry) => [entry.decisionId, entry]));
  const published = new Set<string>();
  const newest = new Map<string, number>();
  for (const decision of decisions) {
    if (decision.cause === 'heartbeat' || published.has(decision.decisionId)) continue;
    published.add(decision.decisionId);
    if (!recorded.has(decision.decisionId))
      yield { promise: 'published is recorded', detail: `${decision.decisionId} is on the topic only` };
    const before = newest.get(decision.subjectId) ?? 0;
    if (decision.version < before)
      yield { promise: 'published in order', detail: `${decision.subjectId}: v${decision.version} after v${before}` };
    newest.set(decision.subjectId, Math.max(before, decision.version));
  }
  for (const { decisionId } of ledger)
    if (!published.has(decisionId)) yield { promise: 'recorded is published', detail: decisionId };
}

const SETTLED = new Set(['applied', 'no_effect', 'superseded']);

function* everyConcernedSystemAcknowledged({ ledger, acknowledgements }: Evidence): Iterable<Violation> {
  const settled = new Set(
    acknowledgements.filter((a) => SETTLED.has(a.outcome)).map((a) => `${a.systemId} ${a.decisionId}`),
  );
  for (const { decisionId, systems } of ledger)
    for (const systemId of systems)
      if (!settled.has(`${systemId} ${decisionId}`))
        yield { promise: 'every concerned system acknowledges', detail: `${systemId}: ${decisionId}` };
}

function* acknowledgementsAreOfLedgerDecisions({ ledger, acknowledgements }: Evidence): Iterable<Violation> {
  const concerned = new Map(ledger.map((entry) => [entry.decisionId, entry.systems]));
  for (const { decisionId, systemId, purposeId } of acknowledgements)
    if (purposeId !== 'heartbeat' && !concerned.get(decisionId)?.includes(systemId))
      yield { promise: 'only concerned systems speak', detail: `${systemId}: ${decisionId}` };
}

function* everySystemWasLookedAt({ ledger, effectiveStates }: Evidence): Iterable<Violation> {
  for (const systemId of new Set(ledger.flatMap(({ systems }) => systems)))
    if (!effectiveStates.has(systemId)) yield { promise: 'every system was looked at', detail: systemId };
}

function* effectiveStateEqualsLedger({ ledger, effectiveStates }: Evidence): Iterable<Violation> {
  for (const [systemId, states] of effectiveStates) {
    const held = new Map(states.map((state) => [state.triple, state]));
    for (const head of heads(ledger.filter((entry) => entry.systems.includes(systemId)))) {
      const state = held.get(head.triple);
      if (state?.allowed !== head.allowed || state.version !== head.version)
        yield {
          promise: 'effective state equals the ledger',
          detail: `${systemId} ${head.triple}: ledger v${head.version} allowed ${head.allowed}, system v${state?.version} allowed ${state?.allowed}${state?.heldBack ? ', held back' : ''}`,
        };
    }
  }
}

/** At the end and at every look before: nobody acts on what was never decided. */
function* everyStateFollowsFromTheLedger({ history, ledger, effectiveStates }: Evidence): Iterable<Violation> {
  const decided = new Map(ledger.map((entry) => [`${entry.triple} ${entry.version}`, entry]));
  const seen = [...effectiveStates].flatMap(([systemId, states]) => states.map((state) => ({ systemId, ...state })));
  for (const { systemId, triple, version, allowed } of [
    ...seen,
    ...history.filter((line) => line.kind === 'observed'),
  ]) {
    const entry = decided.get(`${triple} ${version}`);
    if (!entry?.systems.includes(systemId) || (allowed && !entry.allowed))
      yield {
        promise: 'every state follows from the ledger',
        detail: `${systemId} ${triple} v${version} allowed ${allowed}, ledger allowed ${entry?.allowed}`,
      };
  }
}

function heads(entries: LedgerEntry[]): Iterable<LedgerEntry> {
  const newest = new Map<string, LedgerEntry>();
  for (const entry of entries) {
    const held = newest.get(entry.triple);
    if (!held || held.version < entry.version) newest.set(entry.triple, entry);
  }
  return newest.values();
}

function* noStateWentBack({ history }: Evidence): Iterable<Violation> {
  const seen = new Map<string, number>();
  for (const line of history) {
    if (line.kind === 'restored')
      for (const key of [...seen.keys()]) if (key.startsWith(`${line.systemId} `)) seen.delete(key);
    if (line.kind !== 'observed') continue;
    const key = `${line.systemId} ${line.triple}`;
    const before = seen.get(key) ?? 0;
    if (line.version < before)
      yield { promise: 'no state goes back', detail: `${key}: v${line.version} after v${before}` };
    seen.set(key, Math.max(before, line.version));
  }
}
