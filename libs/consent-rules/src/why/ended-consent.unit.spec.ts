import { describe, expect, it } from '@jest/globals';
import { MemoryLedger } from '../properties/memory-ledger.js';
import { realCatalogue as catalogue } from '../spec-catalogue.js';
import { DAY, facts, NOW, SUBJECT } from '../test-fixtures.js';
import { type Scope } from '../types.js';
import { explain } from './explain.js';
import { type Step } from './explanation.js';

const person: Scope = { level: 'person', id: SUBJECT };
const line = { level: 'line', id: 'l-1' } as const;

describe('why a consent has ended', () => {
  const asked = (ledger: MemoryLedger, purposeId: string, scope: Scope): readonly Step[] => {
    const purpose = catalogue.purposes.get(purposeId);
    if (purpose === undefined) throw new Error(`no purpose ${purposeId}`);
    const { view, entries, now } = ledger;
    return explain({ view, ledger: entries, catalogue, purpose, scope, at: now }).steps;
  };
  const withYes = (purposeId: string, scope: Scope, over = {}): MemoryLedger => {
    const ledger = new MemoryLedger(catalogue);
    ledger.register(facts(over), [line]);
    ledger.say({ purposeId, scope, status: 'given', cause: 'person', decidedAt: NOW });
    return ledger;
  };

  it('is told with the end of the contract, when it ended with that (C07)', () => {
    const ledger = withYes('ads-data-targeted-advertising', person);
    ledger.passTo(NOW + DAY);
    ledger.register(facts({ roles: ['ex-customer'], contractEnd: NOW + DAY }));
    const steps = asked(ledger, 'ads-data-targeted-advertising', person);
    expect(steps.at(-2)).toMatchObject({ standing: 'in-force', entry: { status: 'expired', cause: 'facts' } });
    expect(steps.at(-1)).toMatchObject({
      rule: 'contract-clock',
      outcome: 'closes',
      sentence: { en: 'This ended with your contract.' },
    });
    const last = steps.at(-1);
    expect(last?.kind === 'rule' && last.facts).toContainEqual(
      expect.objectContaining({ fact: 'contractEnd', value: NOW + DAY }),
    );
  });

  it('stays told under a later contract, and no more once the person has decided anew (C07)', () => {
    const ledger = withYes('ads-data-targeted-advertising', person);
    ledger.passTo(NOW + DAY);
    ledger.register(facts({ roles: ['ex-customer'], contractEnd: NOW + DAY }));
    ledger.passTo(NOW + 2 * DAY);
    ledger.register(facts({ contractStart: NOW + 2 * DAY, contractEnd: NOW + DAY }));
    expect(asked(ledger, 'ads-data-targeted-advertising', person).at(-1)).toMatchObject({ rule: 'contract-clock' });
    ledger.say({
      purposeId: 'ads-data-targeted-advertising',
      scope: person,
      status: 'refused',
      cause: 'person',
      decidedAt: ledger.now,
    });
    expect(asked(ledger, 'ads-data-targeted-advertising', person).at(-1)).toMatchObject({ standing: 'in-force' });
  });

  it('is told with the end of the line, when that passed to somebody else (C88)', () => {
    const ledger = withYes('directory-contact-listing', line);
    ledger.passTo(NOW + DAY);
    ledger.register(facts(), [{ ...line, validUntil: NOW + DAY }]);
    expect(asked(ledger, 'directory-contact-listing', line).at(-1)).toMatchObject({
      rule: 'scope-valid',
      decisions: ['C88', 'C18'],
      facts: [{ fact: 'validFrom' }, { fact: 'validUntil', value: NOW + DAY }],
    });
  });

  it('is told with its own clock, when it was given too long ago (C06)', () => {
    const ledger = withYes('prospect-newsletter', person, { roles: ['prospect'] });
    ledger.passTo(NOW + 1_100 * DAY);
    expect(asked(ledger, 'prospect-newsletter', person).at(-1)).toMatchObject({
      rule: 'consent-clock',
      sentence: { en: 'Your consent was given too long ago to count.' },
    });
  });
});
