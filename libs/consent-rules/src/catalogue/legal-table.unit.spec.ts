import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from '@jest/globals';
import { realCatalogue as catalogue } from '../spec-catalogue.js';
import { type Catalogue, type Purpose } from '../types.js';

/** What of the catalogue decides what is allowed, for whom and how long: a line a purpose, channel, system and bundle. */
const legalTable = (catalogue: Catalogue): string[] => [
  ...[...catalogue.purposes.values()].map((purpose) => purposeLine(purpose, catalogue)),
  ...[...catalogue.dataCategories.values()].flatMap(({ id, confined }) =>
    confined === null ? [] : [`kind ${id} only ${confined.to.join(' ')} (${confined.decision})`],
  ),
  ...[...catalogue.confirmWithin].map(([channel, period]) => `yes over ${channel} confirmed within ${period}`),
  ...[...catalogue.systems.values()].map(
    ({ systemId, closingMs, openingMs, recipientsMs }) =>
      `system ${systemId} ${closingMs} ${openingMs} ${recipientsMs} ms`,
  ),
  ...[...catalogue.bundles.values()].map(
    ({ id, inOneScopeAt, purposes }) =>
      `bundle ${id}${inOneScopeAt ? ` about one ${inOneScopeAt}` : ''}: ${purposes.join(' ')}`,
  ),
];

function purposeLine(p: Purpose, { dataCategories }: Catalogue): string {
  // What serves some purposes alone has a line of its own.
  const own = p.categoryGates.filter(({ category }) => (dataCategories.get(category)?.confined ?? null) === null);
  const gates = own.map(
    ({ category, needsGrantOf, decision }) => `${category}<${needsGrantOf.join('&') || 'never'}(${decision})`,
  );
  const clocks = p.clocks.map(({ from, period, frozen, window, decision }) =>
    [
      from,
      `+${period}`,
      ...(frozen ? ['frozen'] : []),
      ...(window ? [` in the last ${window}`] : []),
      `(${decision})`,
    ].join(''),
  );
  const dataClocks = p.dataClocks.map(({ category, period }) => `${category}+${period}`);
  const fields: [string, readonly string[]][] = [
    ['basis', p.legalBasis],
    ['roles', p.roles],
    ['brands', p.brands],
    ['not', p.excludedBrands],
    ['needs', p.dependsOn],
    ['continues', p.continues],
    ['clocks', clocks],
    ['gates', gates],
    ['data', p.dataCategories],
    ['besides', p.dataCategoriesOutsideTable],
    ['kept', dataClocks],
    ['contact', p.contactKind === null ? p.contactChannels : [p.contactKind]],
    ['routes', p.channels],
    ['systems', p.systems],
  ];
  const open = { true: 'open', false: 'closed', null: 'no-choice' }[String(p.defaultAllowed)] ?? '';
  return [
    `${p.id} §${p.section} ${p.choiceModel} ${open} per ${p.scopeLevel ?? 'nobody'}`,
    ...(p.profiling ? ['profiling'] : []),
    ...(p.ownMarketing ? ['own-marketing'] : []),
    ...(p.announcesPeriod ? ['announces-period'] : []),
    ...fields.flatMap(([name, values]) => (values.length === 0 ? [] : [`${name}: ${values.join(' ')}`])),
    `proof: ${p.proofRetention ?? 'none'}`,
  ].join('; ');
}

/** Held against the statement and its decisions, line by line; changed by hand, with the catalogue, when these change. */
const FROZEN = path.join(import.meta.dirname, '../../legal-table.txt');

it('the catalogue says of every purpose what was held against the statement, field by field, and nothing was changed unseen', () => {
  expect(legalTable(catalogue)).toEqual(readFileSync(FROZEN, 'utf8').trimEnd().split('\n'));
});
