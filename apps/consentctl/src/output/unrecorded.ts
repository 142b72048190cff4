import { type Decision } from '../http/consent-service.js';
import { type Propagation } from '../http/monitor.js';
import { answersText } from './answers.js';
import { table } from './table.js';
import { orDash, plural } from './words.js';

/** Decisions that the topic has shown and the ledger does not hold. */
export const unrecordedOf = (seen: readonly Propagation[], ledger: readonly Decision[]): Propagation[] => {
  const held = new Set(ledger.map(({ decisionId }) => decisionId));
  return seen.filter(({ decisionId }) => !held.has(decisionId));
};

/** Each with the decision whose version it has, and what the systems said of it. */
export function unrecordedText(unrecorded: readonly Propagation[], ledger: readonly Decision[]): string {
  const heldOf = new Map(ledger.map(({ version, decisionId }) => [version, decisionId]));
  const rows = unrecorded.map(({ decisionId, version, purposeId, systems }) => [
    String(version),
    decisionId,
    orDash(purposeId),
    orDash(heldOf.get(version)),
    answersText(systems),
  ]);
  return [
    `${plural(unrecorded.length, 'decision')} that the ledger does not hold, seen on the topic:`,
    table(['version', 'decision', 'purpose', 'the ledger has with this version', 'systems'], rows),
  ].join('\n');
}
