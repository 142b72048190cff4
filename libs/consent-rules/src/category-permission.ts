import { isCourtAdministrationBarred } from './court-administration.js';
import { type Purpose } from './types.js';

/** Whether a kind of data may be used under a purpose, and the decision (C number) that says so. */
export type CategoryPermission =
  { usable: true } | { usable: false; decision: string; needsGrantOf: readonly string[] };

/**
 * Some data mean more than their name: bad-payer marks, traffic-derived interests or sensitive topics inside a profile
 * (C14, C25, C47, C63, C75–C79). A gate bars a category from a purpose for good, or until other purposes are allowed; one
 * kind of data is barred from all purposes but one, without gates (C89).
 * @param granted true when a purpose is allowed for the same person, device or source, whichever the gate is about
 */
export function categoryPermission(
  purpose: Purpose,
  category: string,
  granted: (purposeId: string) => boolean,
): CategoryPermission {
  if (isCourtAdministrationBarred(purpose, category)) return { usable: false, decision: 'C89', needsGrantOf: [] };
  for (const gate of purpose.categoryGates) {
    if (gate.category !== category) continue;
    const { decision, needsGrantOf } = gate;
    if (needsGrantOf.length === 0 || !needsGrantOf.every((id) => granted(id)))
      return { usable: false, decision, needsGrantOf };
  }
  return { usable: true };
}
