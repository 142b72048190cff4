import { type Purpose } from './types.js';

/** Whether a kind of data may be used under a purpose, and the decision (C number) that says so. */
export type CategoryPermission =
  | { usable: true }
  | {
      usable: false;
      /** barred: a gate is closed. not processed: nothing says that the purpose uses such data. */
      reason: 'category_barred' | 'category_not_processed';
      decision: string;
      needsGrantOf: readonly string[];
    };

/**
 * A purpose uses the kinds of data that its section names, in its table or in its text, or that a gate opens to it, and no
 * others (C48). A gate bars a kind from a purpose for good, or until other purposes are allowed: some data mean more than
 * their name, as bad-payer marks, traffic-derived interests or sensitive topics inside a profile (C14, C25, C47, C63, C75–C79),
 * or that a court placed somebody under administration (C89).
 * @param granted true when a purpose is allowed for the same person, device or source, whichever the gate is about
 */
export function categoryPermission(
  purpose: Purpose,
  category: string,
  granted: (purposeId: string) => boolean,
): CategoryPermission {
  const gates = purpose.categoryGates.filter((gate) => gate.category === category);
  for (const { decision, needsGrantOf } of gates)
    if (needsGrantOf.length === 0 || !needsGrantOf.every((id) => granted(id)))
      return { usable: false, reason: 'category_barred', decision, needsGrantOf };
  if (gates.length > 0 || processes(purpose, category)) return { usable: true };
  return { usable: false, reason: 'category_not_processed', decision: 'C48', needsGrantOf: [] };
}

const processes = (purpose: Purpose, category: string): boolean =>
  purpose.dataCategories.includes(category) ||
  purpose.dataCategoriesOutsideTable.includes(category) ||
  purpose.dataClocks.some((clock) => clock.category === category);
