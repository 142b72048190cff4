import { type CatalogueFile } from '../types.js';
import { type CatalogueFault } from './catalogue-error.js';
import { type CatalogueParts } from './check-references.js';
import { type Placed } from './raw.js';

const STORABLE = 'text that PostgreSQL can store: no NUL character, no half of a surrogate pair';

const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

/** Texts that no database could keep, as a file has them or as its escapes mean them, and texts that say nothing. */
export function checkText(files: readonly CatalogueFile[], parts: CatalogueParts): CatalogueFault[] {
  const inFiles = files
    .filter(({ text }) => !isStorable(text))
    .map(({ name: file }) => ({ file, id: null, field: '', message: 'cannot be stored', expected: STORABLE }));
  const inEntries = Object.values<readonly Placed<{ id: string }>[]>({ ...parts })
    .flat()
    .flatMap(({ file, entry }) =>
      textsOf(entry).flatMap(([field, text]) => {
        const message = `found ${JSON.stringify(text)}`;
        if (!isStorable(text)) return [{ file, id: entry.id, field, message, expected: STORABLE }];
        return text.trim() === '' ? [{ file, id: entry.id, field, message, expected: 'words' }] : [];
      }),
    );
  return [...inFiles, ...inEntries];
}

/** Every text within, with its dotted path. */
function textsOf(value: unknown, path: readonly string[] = []): [string, string][] {
  if (typeof value === 'string') return [[path.join('.'), value]];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) => textsOf(inner, [...path, key]));
}
