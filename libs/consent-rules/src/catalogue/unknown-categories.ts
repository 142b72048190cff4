import { type CatalogueFault } from './catalogue-error.js';
import { OTHERS } from './data-clocks.js';
import { type Placed, type RawDataCategory, type RawPurpose } from './raw.js';

/** Kinds of data that a purpose names and data-categories.yaml does not have; a version without that file names as it likes. */
export function unknownCategories(
  { file, entry }: Placed<RawPurpose>,
  kinds: readonly Placed<RawDataCategory>[],
): CatalogueFault[] {
  if (kinds.length === 0) return [];
  const known = new Set(kinds.map((kind) => kind.entry.id));
  const named = {
    dataCategories: entry.dataCategories ?? [],
    dataCategoriesOutsideTable: entry.dataCategoriesOutsideTable ?? [],
    categoryGates: (entry.categoryGates ?? []).map(({ category }) => category),
    retention: (entry.retention ?? []).flatMap(({ category, categories }) => categories ?? category ?? []),
  };
  return Object.entries(named).flatMap(([field, categories]) =>
    categories
      .filter((category) => !known.has(category) && !(field === 'retention' && category === OTHERS))
      .map((category) => ({
        file,
        id: entry.id,
        field,
        message: `${category} is no kind of data`,
        expected: 'one of those in data-categories.yaml',
      })),
  );
}
