import { readPurpose, readSince, readUuid } from '../arguments.js';
import { usageError } from '../cli-error.js';
import { type ReplayRequest } from '../commands/replay.js';

export interface SelectionFlags {
  unacknowledged?: boolean;
  subject?: string;
  purpose?: string;
  since?: string;
}

const EXPECTED = 'exactly one of --unacknowledged, --subject, --purpose, --since';

/** Which decisions a replay delivers. One selection a replay, so that its audit record says plainly why. */
export function readSelection(flags: SelectionFlags, now: number): ReplayRequest['select'] {
  const given = (['unacknowledged', 'subject', 'purpose', 'since'] as const).filter((key) => flags[key] !== undefined);
  if (given.length !== 1) {
    const found = given.length === 0 ? 'no selection' : given.map((key) => `--${key}`).join(' and ');
    throw usageError(`replay: ${found} given (expected ${EXPECTED})`);
  }
  if (flags.subject !== undefined) return { subject: readUuid('--subject', flags.subject) };
  if (flags.purpose !== undefined) return { purpose: readPurpose(flags.purpose) };
  if (flags.since !== undefined) return { since: new Date(readSince(flags.since, now)).toISOString() };
  return { unacknowledged: true };
}
