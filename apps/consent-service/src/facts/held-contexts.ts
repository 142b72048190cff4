import { contextsOf, type Role, type SubjectContext } from '@consent/consent-rules';
import { type Transaction } from '@consent/postgres';
import { type Refusal } from '../record/refusal.js';
import { type FactsInput } from '../http/schemas/facts-input.js';
import { type FactsDraft } from './facts-batch.js';

const LAST_ROLES = `
SELECT DISTINCT ON (subject_id) subject_id, roles
  FROM facts_version
 WHERE subject_id = ANY ($1) AND roles <> '{}'
 ORDER BY subject_id, facts_version DESC`;

/** As what subjects are known, private or business contacts, by the last roles they had; a subject without any is absent. */
export class HeldContexts {
  readonly #held = new Map<string, SubjectContext>();

  /** Of locked subjects; those without roles now may have had some in an earlier version of their facts. */
  static async read(tx: Transaction, drafts: ReadonlyMap<string, FactsDraft>): Promise<HeldContexts> {
    const contexts = new HeldContexts();
    const withoutRoles: string[] = [];
    for (const [subjectId, { subject, factsVersion }] of drafts) {
      const roles = subject.facts?.roles ?? [];
      contexts.hold(subjectId, roles);
      if (roles.length === 0 && factsVersion > 0) withoutRoles.push(subjectId);
    }
    if (withoutRoles.length === 0) return contexts;
    const { rows } = await tx.query<{ subject_id: string; roles: Role[] }>(LAST_ROLES, [withoutRoles], 'last-roles');
    for (const { subject_id, roles } of rows) contexts.hold(subject_id, roles);
    return contexts;
  }

  hold(subjectId: string, roles: readonly Role[]): void {
    for (const context of contextsOf(roles)) this.#held.set(subjectId, context);
  }

  /** Decisions of a private contact say nothing for a business contact, and the other way round (C44). */
  refusal({ subjectId, roles }: FactsInput): Refusal | null {
    const held = this.#held.get(subjectId);
    if (held === undefined || [...contextsOf(roles)].every((context) => context === held)) return null;
    return {
      code: 'roles_of_other_context',
      message: `Subject ${subjectId} is a ${held} contact; found ${roles.join(', ')}: as a private and as a professional contact a person is two subjects, expected another subject id for these roles`,
    };
  }
}
