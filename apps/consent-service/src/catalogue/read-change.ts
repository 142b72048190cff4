import { createHash } from 'node:crypto';
import { type CatalogueDifference } from '@consent/consent-rules';
import { ProblemError } from '@consent/service-host';
import { type Reader } from '../ledger/read-positions.js';
import { type Effects } from './apply-portion.js';

export interface CatalogueChange {
  changeId: string;
  state: 'planning' | 'planned' | 'refused' | 'running' | 'recorded' | 'done';
  caller: string;
  difference: CatalogueDifference;
  /** Seen so far in this phase: of planning, or of the run. */
  subjects: number;
  /** What the change would do, as counted before it. */
  planned: Effects;
  /** What it did so far. */
  recorded: Effects;
  /** Of versions and counted effects; null while they are counted. Applying names it. */
  planHash: string | null;
  /** Why it was applied although a system it names anew was not known to have a rule for the purpose. */
  despite: string | null;
}

interface Row {
  change_id: string;
  from_version: string;
  to_version: string;
  difference: CatalogueDifference;
  state: CatalogueChange['state'];
  caller: string;
  subjects: string;
  planned: Effects;
  recorded: Effects;
  despite: string | null;
}

/** Where a change of the catalogue is; null when there is none with the id. */
export async function readChange(reader: Reader, changeId: string): Promise<CatalogueChange | null> {
  const { rows } = await reader.query<Row>('SELECT * FROM catalogue_change WHERE change_id = $1', [changeId]);
  const [row] = rows;
  if (!row) return null;
  return {
    changeId,
    state: row.state,
    caller: row.caller,
    difference: row.difference,
    subjects: Number(row.subjects),
    planned: row.planned,
    recorded: row.recorded,
    planHash: row.state === 'planning' ? null : planHash(row.from_version, row.to_version, row.planned),
    despite: row.despite,
  };
}

/** @throws ProblemError 404 when there is none with the id */
export async function knownChange(reader: Reader, changeId: string): Promise<CatalogueChange> {
  const found = await readChange(reader, changeId);
  if (found) return found;
  throw changeUnknown(changeId);
}

export const changeUnknown = (changeId: string): ProblemError =>
  new ProblemError(404, 'catalogue-change-unknown', 'The change is not known', `No change has the id ${changeId}`);

/** SHA-256 of what was planned, in one spelling. */
export function planHash(from: string, to: string, effects: Effects): string {
  const counts = Object.entries(effects).map(([id, e]) =>
    [id, e.opening, e.closing, e.moved, e.withheld, e.told].join(' '),
  );
  return createHash('sha256')
    .update([from, to, ...counts.sort()].join('\n'))
    .digest('hex');
}
