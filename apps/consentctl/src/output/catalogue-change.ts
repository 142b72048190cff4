import { type CatalogueChange, type Effects, type Handling } from '../http/catalogue-changes.js';
import { table } from './table.js';
import { plural } from './words.js';

/** A change of the catalogue for a person: what differs, for how many people, and what to do next. */
export function changeText(change: CatalogueChange, handling: Handling): string {
  const { changeId, state, difference, subjects, planned, recorded } = change;
  const isApplied = state === 'running' || state === 'recorded' || state === 'done';
  const counted = isApplied ? recorded : planned;
  return [
    `Change ${changeId}: ${state}, ${plural(subjects, 'person', 'people')} looked at`,
    `Catalogue ${difference.from} → ${difference.to}`,
    ...difference.added.map((id) => `  new: ${id}`),
    ...difference.removed.map((id) => `  gone: ${id}`),
    ...difference.changed.map(({ id, fields }) => `  changed: ${id} (${fields.map(({ field }) => field).join(', ')})`),
    ...confirmationsText(difference.confirmations),
    effectsText(counted, isApplied),
    ...difference.named.map(({ systemId, purposes }) => {
      const told = purposes.reduce((sum, id) => sum + (counted[id]?.told ?? 0), 0);
      return `${plural(told, 'decision')} ${isApplied ? 'told' : 'will be told'} to ${systemId}, named anew for ${purposes.join(', ')}`;
    }),
    ...unhandledText(handling),
    ...next(change, isHandled(handling)),
  ].join('\n');
}

function confirmationsText(found: CatalogueChange['difference']['confirmations']): string[] {
  if (found === undefined) return [];
  return [
    ...found.added.map((channel) => `  a yes over ${channel} must be confirmed from now on`),
    ...found.removed.map((channel) => `  a yes over ${channel} counts without a confirmation from now on`),
    ...found.changed.map(({ id }) => `  the time to confirm a yes over ${id} changed`),
  ];
}

function effectsText(effects: Effects, isApplied: boolean): string {
  const rows = Object.entries(effects).map(([id, { opening, closing, moved, withheld, told }]) => [
    id,
    ...[opening, closing, moved, withheld, told].map(String),
  ]);
  if (rows.length === 0) return isApplied ? 'Nothing changed for anybody so far' : 'Nothing changes for anybody';
  return table(['purpose', 'people open', 'people close', 'other end', 'never agreed', 'decisions told'], rows);
}

/** Whether all systems are known to have a rule for what names them anew. */
export const isHandled = (handling: Handling): boolean => handling.every(({ missing }) => missing?.length === 0);

/** Why a change would leave decisions unhonoured, with what to do about it; nothing when every system is known to have its rules. */
function unhandledText(handling: Handling): string[] {
  const found = handling.flatMap(({ systemId, purposes, missing }) => {
    if (missing === null)
      return [`Unknown whether ${systemId} has a rule for ${purposes.join(', ')}: its running build does not say`];
    return missing.length === 0 ? [] : [`The running build of ${systemId} has no rule for ${missing.join(', ')}`];
  });
  return found.length === 0
    ? []
    : [...found, 'Deploy builds that know these purposes first, or say --despite <reason>'];
}

function next({ state, changeId, planHash }: CatalogueChange, handled: boolean): string[] {
  if (state === 'refused')
    return ['Refused: a purpose would open for people who never agreed to it, or not since it had gone'];
  if (state === 'planned')
    return [
      `Apply it${handled ? '' : ' then'}: consentctl catalogue apply ${changeId} --plan ${planHash ?? ''} --wait`,
    ];
  if (state === 'planning' || state === 'running' || state === 'recorded')
    return [`Follow it: consentctl catalogue show ${changeId}`];
  return [];
}
