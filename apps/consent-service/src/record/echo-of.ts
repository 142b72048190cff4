import { type DecideCommand, type LedgerEntry } from '@consent/consent-rules';
import { type CommandOutcome } from './decide-batch.js';
import { type RecordedOrigin } from './find-echoes.js';
import { otherOrigin } from './refusal.js';

/** Whether a source tells an event again, in the ledger or in the same batch; null when it is new. */
export function echoOf(
  command: DecideCommand,
  key: string,
  echoes: ReadonlyMap<string, RecordedOrigin>,
  origins: ReadonlyMap<string, number>,
  entries: readonly LedgerEntry[],
): CommandOutcome | null {
  const recorded = echoes.get(key);
  if (recorded)
    return isSame(command, recorded)
      ? { kind: 'echo', position: recorded.position }
      : { kind: 'refused', refusal: otherOrigin(command.evidence.origin ?? { system: '', eventId: '' }) };
  const index = origins.get(key);
  const entry = index === undefined ? undefined : entries[index];
  if (index === undefined || entry === undefined) return null;
  return isSame(command, { ...entry, scopeId: entry.scope.id })
    ? { kind: 'echo-in-batch', entry: index }
    : { kind: 'refused', refusal: otherOrigin(command.evidence.origin ?? { system: '', eventId: '' }) };
}

/** A source may tell an event again; it may not tell another one under its id, or a withdrawal would be lost. A yes that must be confirmed is a request. */
const isSame = (
  command: DecideCommand,
  other: { subjectId: string; scopeId: string; purposeId: string; status: string },
): boolean =>
  command.subjectId === other.subjectId &&
  command.scope.id === other.scopeId &&
  command.purposeId === other.purposeId &&
  (command.status === other.status || (command.status === 'given' && other.status === 'requested'));
