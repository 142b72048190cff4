import { type CatalogueChange, type Effects } from '../http/catalogue-changes.js';
import { table } from './table.js';
import { plural } from './words.js';

/** A change of the catalogue for a person: what differs, for how many people, and what to do next. */
export function changeText(change: CatalogueChange): string {
  const { changeId, state, difference, subjects, planned, recorded, planHash } = change;
  const isApplied = state === 'running' || state === 'recorded' || state === 'done';
  const counted = isApplied ? recorded : planned;
  return [
    `Change ${changeId}: ${state}, ${plural(subjects, 'person', 'people')} looked at`,
    `Catalogue ${difference.from} → ${difference.to}`,
    ...difference.added.map((id) => `  new: ${id}`),
    ...difference.removed.map((id) => `  gone: ${id}`),
    ...difference.changed.map(({ id, fields }) => `  changed: ${id} (${fields.map(({ field }) => field).join(', ')})`),
    effectsText(counted, isApplied),
    ...next(state, changeId, planHash),
  ].join('\n');
}

function effectsText(effects: Effects, isApplied: boolean): string {
  const rows = Object.entries(effects).map(([id, { opening, closing, moved, withheld }]) => [
    id,
    ...[opening, closing, moved, withheld].map(String),
  ]);
  if (rows.length === 0) return isApplied ? 'Nothing changed for anybody so far' : 'Nothing changes for anybody';
  return table(['purpose', 'people open', 'people close', 'other end', 'never agreed'], rows);
}

function next(state: CatalogueChange['state'], changeId: string, planHash: string | null): string[] {
  if (state === 'refused') return ['Refused: a purpose would open for people who never agreed to it'];
  if (state === 'planned') return [`Apply it: consentctl catalogue apply ${changeId} --plan ${planHash ?? ''} --wait`];
  if (state === 'running' || state === 'recorded') return [`Follow it: consentctl catalogue show ${changeId}`];
  return [];
}
