import { describe, expect, it } from '@jest/globals';
import { permission } from '../permission.js';
import { realCatalogue as catalogue } from '../spec-catalogue.js';
import { DAY, facts, NOW, openPrerequisites } from '../test-fixtures.js';
import { type Purpose, type Role, ROLES } from '../types.js';

/** Whose relation to the operator a kind of person has; null: people who may have none at all, as who calls or visits. */
const RELATION: Readonly<Record<string, readonly Role[] | null>> = {
  customer: ['customer'],
  'ex-customer': ['ex-customer'],
  prospect: ['prospect'],
  'customer-professional': ['customer-professional'],
  'prospect-professional': ['prospect-professional'],
  // They speak for a firm; what the firm is to the operator, the other kinds of the section say.
  'company-representative': [],
  'contact-person': [],
  'sole-trader': [],
  // They use a line or an account of a customer: what is decided there concerns them, what is decided per person does not.
  'end-user': [],
  'end-user-professional': [],
  'household-member': [],
  caller: null,
  employee: null,
  'event-participant': null,
  'non-customer': null,
  'other-operator-end-user': null,
  'premises-visitor': null,
  'subcontractor-staff': null,
  'third-party-representative': null,
  'website-visitor': null,
};
const USERS = ['end-user', 'end-user-professional', 'household-member'];

/** For whom a purpose may be open before anybody decided. */
function rolesOf({ id, subjectTypes, scopeLevel }: Purpose): readonly Role[] {
  const relations = subjectTypes.map((type) => {
    const relation = RELATION[type];
    if (relation === undefined) throw new Error(`${id}: nothing says who a ${type} is`);
    return relation;
  });
  const byScope = scopeLevel !== 'person' && subjectTypes.some((type) => USERS.includes(type));
  if (byScope || relations.includes(null)) return ROLES;
  return ROLES.filter((role) => relations.some((relation) => relation?.includes(role)));
}

const byDefault = [...catalogue.purposes.values()].filter(({ defaultAllowed }) => defaultAllowed === true);
/** Within the window of a purpose that has one (C09), at an end of contract that is known and closes nothing yet otherwise. */
const openFor = (purpose: Purpose, roles: readonly Role[]): boolean => {
  const hasWindow = purpose.clocks.some(({ window }) => window !== undefined);
  const contractEnd = hasWindow ? Date.UTC(2022, 0, 31) : NOW + DAY;
  return permission(purpose, null, facts({ roles, contractEnd }), NOW, openPrerequisites).allowed;
};

describe('what nobody decided about', () => {
  it.each(byDefault.map((purpose) => [purpose.id, purpose] as const))(
    '%s is open only for the people of its section (C42, C68)',
    (_, purpose) => {
      const roles = rolesOf(purpose);
      expect(ROLES.filter((role) => openFor(purpose, [role]))).toEqual(roles);
      expect(openFor(purpose, [])).toBe(roles.length === ROLES.length);
    },
  );

  it('is no marketing to a private prospect, nor to a person of whom no relation is known, but for the channels (C68)', () => {
    const marketing = byDefault.filter(({ ownMarketing, contactKind }) => ownMarketing && contactKind === null);
    for (const roles of [[], ['prospect']] as const)
      expect(marketing.filter((purpose) => openFor(purpose, roles)).map(({ id }) => id)).toEqual([]);
  });

  it('is no marketing to business customers where a customer is private (C44)', () => {
    const business = byDefault.find(({ id }) => id === 'b2b-direct-marketing-existing') as Purpose;
    expect(ROLES.filter((role) => openFor(business, [role]))).toEqual(['customer-professional']);
  });
});
