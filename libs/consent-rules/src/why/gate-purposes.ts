import { type Catalogue, type Purpose } from '../types.js';

/** The purposes that open a kind of data to a purpose; none where no gate stands before it. */
export const gatePurposes = (
  { categoryGates }: Purpose,
  category: string | undefined,
  { purposes }: Pick<Catalogue, 'purposes'>,
): Purpose[] =>
  categoryGates
    .filter((gate) => gate.category === category)
    .flatMap(({ needsGrantOf }) => needsGrantOf.flatMap((id) => purposes.get(id) ?? []));
