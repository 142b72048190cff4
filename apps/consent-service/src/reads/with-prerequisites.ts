import { type Catalogue, followedBy } from '@consent/consent-rules';

/** Purposes and all they stand on or are the same thing as under another role, directly or through others; with `gates` also what opens a category of data to them. */
export function withPrerequisites(
  purposes: readonly string[],
  catalogue: Catalogue,
  { gates = false }: { gates?: boolean } = {},
): Set<string> {
  const found = new Set(purposes);
  // A set goes on over what is added while it is gone through.
  for (const id of found) {
    const purpose = catalogue.purposes.get(id);
    for (const below of purpose ? followedBy(catalogue, purpose) : []) found.add(below);
    if (gates) for (const gate of purpose?.categoryGates ?? []) for (const below of gate.needsGrantOf) found.add(below);
  }
  return found;
}
