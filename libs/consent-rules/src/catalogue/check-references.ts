import { type CatalogueFault } from './catalogue-error.js';
import { unknownCategories } from './unknown-categories.js';
import { dataClockOf } from './data-clocks.js';
import {
  type Placed,
  type RawBundle,
  type RawChannel,
  type RawDataCategory,
  type RawNotice,
  type RawPurpose,
  type RawSystem,
} from './raw.js';

/** The entries of a catalogue's files. */
export interface CatalogueParts {
  purposes: readonly Placed<RawPurpose>[];
  systems: readonly Placed<RawSystem>[];
  notices: readonly Placed<RawNotice>[];
  bundles: readonly Placed<RawBundle>[];
  channels: readonly Placed<RawChannel>[];
  kinds: readonly Placed<RawDataCategory>[];
}

const DEFAULT_OF = { 'opt-in': false, 'opt-out': true, 'objection-motivated': true, none: null } as const;

const A_PURPOSE = 'the id of one of its purposes';

/** What the schemas cannot say: unique ids, references that resolve, and fields that must fit one another. */
export function checkReferences(parts: CatalogueParts): CatalogueFault[] {
  const faults: CatalogueFault[] = [];
  const byId = new Map(parts.purposes.map((p) => [p.entry.id, p.entry]));
  const systems = new Set(parts.systems.map((s) => s.entry.id));
  for (const list of [parts.purposes, parts.systems, parts.bundles, parts.channels, parts.kinds])
    checkUnique(list, faults);

  for (const { file, entry } of parts.purposes) {
    const fault = (field: string, message: string, expected: string) =>
      faults.push({ file, id: entry.id, field, message, expected });
    const { choiceModel: model } = entry;
    if (entry.defaultAllowed !== DEFAULT_OF[model])
      fault('defaultAllowed', `found ${entry.defaultAllowed}`, `${DEFAULT_OF[model]} for choice model ${model}`);
    if (model === 'opt-in' && !entry.legalBasis.includes('consent'))
      fault('legalBasis', `found ${entry.legalBasis.join(', ')}`, 'consent for choice model opt-in');
    if (model !== 'none' && entry.scopeLevel === null)
      fault('scopeLevel', 'found null', `a level for choice model ${model}`);
    for (const brand of entry.brands)
      if (entry.excludedBrands.includes(brand))
        fault('excludedBrands', `${brand} is also among the brands`, 'each brand in one of the two');
    for (const [field, names] of [
      ['dependsOn', entry.dependsOn],
      ['continues', entry.continues ?? []],
      ['categoryGates', (entry.categoryGates ?? []).flatMap((g) => g.needsGrantOf)],
    ] as const)
      for (const name of names) if (!byId.has(name)) fault(field, `${name} is no purpose of this catalogue`, A_PURPOSE);
    for (const name of entry.continues ?? []) {
      const level = byId.get(name)?.scopeLevel;
      if (level !== undefined && level !== entry.scopeLevel)
        fault('continues', `${name} is decided per ${level ?? 'nobody'}`, `a purpose per ${entry.scopeLevel}`);
    }
    for (const retention of entry.retention ?? [])
      if (retention.category !== undefined && dataClockOf(entry, retention) === null)
        fault(
          'retention',
          `${retention.category} has no end that the clock could tell (starts ${retention.starts}, until ${retention.until})`,
          'contract-end, or no category',
        );
    for (const name of entry.contactChannels ?? [])
      if (byId.get(name)?.scopeLevel !== 'contact_point')
        fault('contactChannels', `${name} is no contact channel of this catalogue`, 'a purpose per contact_point');
    faults.push(...unknownCategories({ file, entry }, parts.kinds));
    const cycle = cycleFrom(entry.id, (id) => byId.get(id)?.dependsOn ?? []);
    if (cycle !== null) fault('dependsOn', `prerequisites go round: ${cycle.join(' → ')}`, 'prerequisites that end');
    const circle = cycleFrom(entry.id, (id) => byId.get(id)?.continues ?? []);
    if (circle !== null) fault('continues', `earlier roles go round: ${circle.join(' → ')}`, 'a first role');
    for (const system of entry.systems)
      if (!systems.has(system)) fault('systems', `${system} has no entry in systems.yaml`, 'one, with its deadlines');
  }
  for (const { file, id, field, names } of [
    ...parts.kinds.map(({ file, entry }) => ({
      file,
      id: entry.id,
      field: 'servesOnly',
      names: entry.servesOnly ?? [],
    })),
    ...[...parts.notices, ...parts.bundles].map(({ file, entry }) => ({
      ...{ file, id: entry.id, field: 'purposes' },
      names: entry.purposes,
    })),
  ])
    for (const name of names)
      if (!byId.has(name))
        faults.push({ file, id, field, message: `${name} is no purpose of this catalogue`, expected: A_PURPOSE });
  for (const { file, entry } of parts.bundles)
    for (const name of entry.purposes)
      if (byId.get(name)?.choiceModel === 'none')
        faults.push({
          file,
          id: entry.id,
          field: 'purposes',
          message: `${name} has no choice a bundle could make`,
          expected: 'purposes with a choice',
        });
  return faults;
}

function checkUnique(list: readonly Placed<{ id: string }>[], faults: CatalogueFault[]): void {
  const first = new Map<string, string>();
  for (const { file, entry } of list) {
    const before = first.get(entry.id);
    if (before === undefined) first.set(entry.id, file);
    else
      faults.push({
        file,
        id: entry.id,
        field: 'id',
        message: `used twice, first in ${before}`,
        expected: 'an id of its own',
      });
  }
}

function cycleFrom(start: string, namedBy: (id: string) => readonly string[]): string[] | null {
  const seen = new Set<string>();
  const walk = (id: string, path: string[]): string[] | null => {
    for (const next of namedBy(id)) {
      if (next === start) return [...path, next];
      if (seen.has(next)) continue;
      seen.add(next);
      const found = walk(next, [...path, next]);
      if (found !== null) return found;
    }
    return null;
  };
  return walk(start, [start]);
}
