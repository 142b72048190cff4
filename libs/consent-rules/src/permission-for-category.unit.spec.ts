import { describe, expect, it } from '@jest/globals';
import { permissionForCategory } from './permission-for-category.js';
import { permissionIn } from './prerequisites.js';
import { DAY, facts, NOW, optOut, purpose, SUBJECT } from './test-fixtures.js';
import { type Catalogue, type SubjectView } from './types.js';

const GATED = 'observed:cookie-and-tracker-data';
const device = { level: 'device', id: '22222222-2222-4222-8222-222222222222' } as const;
const person = { level: 'person', id: SUBJECT } as const;
const cookies = optOut({ id: 'cookies', scopeLevel: 'device' });
const reader = optOut({
  id: 'reader',
  dataCategories: [GATED],
  categoryGates: [{ category: GATED, needsGrantOf: ['cookies'], decision: 'C14' }],
});
const catalogue = {
  purposes: new Map([cookies, reader, purpose()].map((one) => [one.id, one])),
} as unknown as Catalogue;

const may = (validFrom: number, validUntil: number) => {
  const view: SubjectView = {
    subjectId: SUBJECT,
    facts: facts(),
    scopes: [{ ...device, brand: null, validFrom, validUntil }],
    states: [],
  };
  const found = permissionIn(view, catalogue, reader, person, NOW);
  return permissionForCategory(found, GATED, { view, catalogue, purpose: reader, scope: person, at: NOW });
};

describe('a purpose with data that another purpose opens to it', () => {
  it('says when that one closes by itself, since the data are barred from then on (C14)', () => {
    expect(may(NOW - DAY, NOW + DAY)).toMatchObject({ allowed: true, nextChangeAt: NOW + DAY });
  });

  it('says while it is barred when that one opens by itself', () => {
    expect(may(NOW + DAY, NOW + 2 * DAY)).toEqual({
      allowed: false,
      reason: 'category_barred',
      nextChangeAt: NOW + DAY,
    });
  });
});
