import { type Catalogue } from '@consent/consent-rules';

/** Purposes and all they stand on, directly or through others. */
export function withPrerequisites(purposes: readonly string[], catalogue: Catalogue): Set<string> {
  const found = new Set(purposes);
  // A set goes on over what is added while it is gone through.
  for (const id of found) for (const below of catalogue.purposes.get(id)?.dependsOn ?? []) found.add(below);
  return found;
}
