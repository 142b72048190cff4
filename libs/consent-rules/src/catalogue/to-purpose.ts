import { type Purpose } from '../types.js';
import { type Placed, type RawPurpose } from './raw.js';

/** Fills in what the file may leave out; the chapter is the name of the file. */
export const toPurpose = ({ file, entry }: Placed<RawPurpose>): Purpose => ({
  ...entry,
  chapter: (file.split('/').at(-1) ?? file).replace(/\.ya?ml$/, ''),
  clocks: (entry.clocks ?? []).map((c) => ({ ...c, frozen: c.frozen ?? false })),
  categoryGates: entry.categoryGates ?? [],
  retention: entry.retention ?? [],
  contactKind: entry.contactKind ?? null,
});

/** For each purpose, those that stand on it, directly or through others. */
export function dependantsOf(purposes: readonly Purpose[]): Map<string, Purpose[]> {
  const byId = new Map(purposes.map((p) => [p.id, p]));
  const standsOn = (purpose: Purpose): Set<string> => {
    const all = new Set<string>();
    const add = (id: string): void => {
      if (all.has(id)) return;
      all.add(id);
      byId.get(id)?.dependsOn.forEach(add);
    };
    purpose.dependsOn.forEach(add);
    return all;
  };
  const found = new Map<string, Purpose[]>();
  for (const purpose of purposes)
    for (const id of standsOn(purpose)) found.set(id, [...(found.get(id) ?? []), purpose]);
  return found;
}
