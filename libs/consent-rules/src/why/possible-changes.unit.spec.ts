import { describe, expect, it } from '@jest/globals';
import { realCatalogue as catalogue } from '../spec-catalogue.js';
import { facts, NOW, SUBJECT } from '../test-fixtures.js';
import { type Purpose, type Role, ROLES, type SubjectFacts } from '../types.js';
import { type SubjectContext } from '../subject-context.js';
import { type Change } from './explanation.js';
import { possibleChanges } from './possible-changes.js';

const rolesProposed = (id: string, known: SubjectFacts | null, knownAs?: SubjectContext): Role[] =>
  possibleChanges({
    view: { subjectId: SUBJECT, facts: known, scopes: [], states: [] },
    ledger: [],
    catalogue,
    purpose: catalogue.purposes.get(id) as Purpose,
    scope: { level: 'person', id: SUBJECT },
    at: NOW,
    ...(knownAs && { knownAs }),
  }).flatMap((change: Change) => (change.kind === 'role' ? [change.to] : []));

describe('the relations to the operator that are proposed', () => {
  it.each<[roles: Role[], id: string, proposed: Role[]]>([
    [['customer'], 'b2b-direct-marketing-existing', ['prospect', 'ex-customer']],
    [['customer'], 'customer-newsletter', ['prospect', 'ex-customer']],
    [['customer-professional'], 'b2b-direct-marketing-existing', ['prospect-professional']],
    [['customer-professional'], 'customer-newsletter', ['prospect-professional']],
  ])('are those of the same subject: to %j about %s %j (C44)', (roles, id, proposed) => {
    expect(rolesProposed(id, facts({ roles }))).toEqual(proposed);
  });

  it('are private ones, and those that the purpose names, while no relation is known', () => {
    for (const known of [null, facts({ roles: [] })]) {
      expect(rolesProposed('customer-newsletter', known)).toEqual(['prospect', 'customer', 'ex-customer']);
      expect(rolesProposed('b2b-direct-marketing-existing', known)).toEqual(
        ROLES.filter((role) => role !== 'prospect-professional'),
      );
    }
  });

  it('are of the kind that earlier roles made the subject, while it has none (C44)', () => {
    for (const id of ['customer-newsletter', 'b2b-direct-marketing-existing']) {
      const known = facts({ roles: [] });
      expect(rolesProposed(id, known, 'private')).toEqual(['prospect', 'customer', 'ex-customer']);
      expect(rolesProposed(id, known, 'professional')).toEqual(['customer-professional', 'prospect-professional']);
    }
  });
});
