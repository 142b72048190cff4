import { describe, expect, it } from '@jest/globals';
import { facts, SUBJECT } from './test-fixtures.js';
import { followersOf } from './followers.js';
import { realCatalogue } from './spec-catalogue.js';
import { type Scope, type SubjectView } from './types.js';

const device: Scope = { level: 'device', id: 'device-1' };
const adult: SubjectView = { subjectId: SUBJECT, facts: facts(), scopes: [], states: [] };
const phone: Scope = { level: 'contact_point', id: 'phone-1' };
const followers = (purposeId: string, scope: Scope, before = adult): string[] =>
  [...followersOf([{ purposeId, scope }], before, realCatalogue).keys()].map(({ id }) => id);

describe('what follows a decision', () => {
  it('is what stands on the purpose, directly or through others', () => {
    const known = { ...adult, scopes: [device] };
    expect(followers('third-party-advertising-cookies', device, known)).toEqual([
      'web-app-targeted-advertising',
      'cookie-data-partner-sharing',
    ]);
  });

  it('is also what is open by default in a scope that it is the first to name, with what stands on that', () => {
    expect(followers('third-party-advertising-cookies', device)).toEqual(
      expect.arrayContaining(['website-login-personalisation', 'website-login-offers']),
    );
  });

  it('is nothing more in a new scope of a person of whom nothing is known', () => {
    expect(followers('contact-by-phone', phone, { ...adult, facts: null })).toEqual([]);
  });
});
