import { type CatalogueFile } from '../types.js';
import { type CatalogueFault } from './catalogue-error.js';
import { type CatalogueParts } from './check-references.js';
import { type Placed } from './raw.js';
import { areLinesSeen, isSeen } from './unseen-characters.js';

const STORABLE = 'text that PostgreSQL can store: no NUL character, no half of a surrogate pair';

const SEEN = 'one line without control characters and characters that turn the direction of a text';
const LINES_SEEN = 'text without control characters and characters that turn its direction';

const isStorable = (text: string): boolean => text.isWellFormed() && !text.includes('\0');

/**
 * Texts that no database could keep, as a file has them or as its escapes mean them, texts that show otherwise than they
 * are, and texts that say nothing.
 */
export function checkText(files: readonly CatalogueFile[], parts: CatalogueParts): CatalogueFault[] {
  const inFiles = files.flatMap(({ name: file, text }) => {
    const fault = { file, id: null, field: '' };
    if (!isStorable(text)) return [{ ...fault, message: 'cannot be stored', expected: STORABLE }];
    return areLinesSeen(text) ? [] : [{ ...fault, message: 'shows otherwise than it is', expected: LINES_SEEN }];
  });
  const inEntries = Object.values<readonly Placed<{ id: string }>[]>({ ...parts })
    .flat()
    .flatMap(({ file, entry }) =>
      textsOf(entry).flatMap(([field, text]) => {
        const message = `found ${JSON.stringify(text)}`;
        if (!isStorable(text)) return [{ file, id: entry.id, field, message, expected: STORABLE }];
        if (!isSeen(text)) return [{ file, id: entry.id, field, message, expected: SEEN }];
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
