import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { permission } from '../permission.js';
import { reachedScopes } from '../prerequisites.js';
import { life, lived } from '../properties/acts.js';
import { MemoryLedger } from '../properties/memory-ledger.js';
import { OLDER } from '../properties/some-purposes.js';
import { REASONS } from '../reasons.js';
import { realCatalogue as catalogue } from '../spec-catalogue.js';
import { DAY, facts, NOW, openPrerequisites, SUBJECT } from '../test-fixtures.js';
import { type Purpose, type Scope } from '../types.js';
import { NAMED_CHANNELS } from './channels.js';
import { explain } from './explain.js';
import { bundleSentence } from './sentences.js';
import { day } from './words.js';

const account: Scope = { level: 'account', id: 'account-1' };
const purposeOf = (id: string): Purpose => catalogue.purposes.get(id) as Purpose;
const known = (over = {}): MemoryLedger => {
  const ledger = new MemoryLedger(catalogue);
  ledger.register(facts(over), [account]);
  return ledger;
};
const ask = ({ view, entries, now }: MemoryLedger, id: string, scope: Scope = { level: 'person', id: SUBJECT }) =>
  explain({ view, ledger: entries, catalogue, purpose: purposeOf(id), scope, at: now });
const told = ({ steps }: ReturnType<typeof explain>, language: 'en' | 'nl' | 'fr' = 'en'): string[] =>
  steps.flatMap((step) => (step.kind === 'decision' ? [step.sentence[language]] : []));

describe('a sentence', () => {
  it('in French calls the first of a month “1er”, and quotes a switch with guillemets', () => {
    const closedAt = Date.parse('2026-12-01T12:00:00Z');
    const said = { bundleId: 'b', kind: 'object-marketing', purposes: [], closedAt, recordedAt: closedAt };
    const sentence = bundleSentence(
      { ...said, by: 'crm', channel: 'call-centre', afterVersion: 1 },
      catalogue.bundles.get('object-marketing'),
    );
    expect(sentence.fr).toContain('1er décembre 2026\u202f: «\u202fS’opposer à tout marketing\u202f», via');
    expect(sentence.nl).toContain('1 december 2026: “Bezwaar tegen alle marketing”, via');
    expect(day(Date.parse('2026-12-11T12:00:00Z'), 'fr')).toBe('11 décembre 2026');
  });

  it('about what leaves no choice names the ground of the purpose, and no other', () => {
    const sentence = (id: string) => permission(purposeOf(id), null, facts(), NOW, openPrerequisites).sentence;
    expect(sentence('contract-onboarding').en).toMatch(/^This rests on your contract\b.*; no choice exists\.$/);
    expect(sentence('best-tariff-advice').nl).toBe('Dit steunt op een wettelijke verplichting; er is geen keuze.');
    expect(sentence('indirect-partner-prospecting').en).toBe('This rests on a legitimate interest; no choice exists.');
    expect(sentence('missing-persons-vital-interest').fr).toBe(
      'Ceci repose sur les intérêts vitaux de personnes\u202f; il n’y a pas de choix.',
    );
    for (const { id, choiceModel, legalBasis } of catalogue.purposes.values())
      if (choiceModel !== 'opt-in') {
        const { allowed, sentence: found } = permission(purposeOf(id), null, facts(), NOW, openPrerequisites);
        if (allowed && !legalBasis.includes('contract')) expect(found.en).not.toContain('contract');
        if (allowed && !legalBasis.includes('legitimate-interest')) expect(found.en).not.toContain('legitimate');
      }
  });

  it('about a consent from an earlier contract does not say that the contract of who has a new one has ended (C08)', () => {
    const ledger = known({ contractEnd: NOW - 100 * DAY, contractStart: NOW - 50 * DAY });
    ledger.say({ purposeId: 'tailored-offers-service-usage', scope: account, decidedAt: NOW - 200 * DAY });
    const { permission: found, sentence } = ask(ledger, 'tailored-offers-service-usage', account);
    expect(found).toMatchObject({ allowed: true, reason: 'frozen_after_contract' });
    expect(sentence.en).toMatch(/^A contract of yours has ended: with this consent nothing new is collected/);
  });

  it('about what follows from a decision on another purpose names that purpose, and no change of facts', () => {
    const ledger = known();
    ledger.say({ purposeId: 'pickx-on-screen-promotion', scope: account, status: 'objected', decidedAt: NOW });
    const why = ask(ledger, 'pickx-own-promotion', account);
    const { title } = purposeOf('pickx-on-screen-promotion');
    expect(told(why)[0]).toBe(
      `24 November 2026: closed by a decision about ${title.en}. This builds on another purpose that is closed. Nobody decided about this itself; the permission followed.`,
    );
    expect(told(why, 'nl')[0]).toContain(`gesloten door een beslissing over ${title.nl}.`);
  });

  it('about what follows from facts still says so', () => {
    const ledger = known();
    ledger.register(facts({ minor: true }));
    expect(told(ask(ledger, 'pickx-own-promotion', account))[0]).toContain('closed by a change of facts.');
  });

  it('about the answer to a reasoned objection says that it was upheld, also where no reason is needed any more', () => {
    const ledger = known();
    const evidence = { channel: 'objection-assessment', actor: 'agent' as const, caller: 'c', origin: null };
    const answer = { purposeId: 'customer-newsletter', status: 'objected', cause: 'operator', decidedAt: NOW } as const;
    ledger.say({ ...answer, evidence });
    const [upheld] = told(ask(ledger, 'customer-newsletter'));
    expect(upheld).toContain('objection upheld by the operator, through the assessment of the objection.');
    ledger.say({ ...answer, decidedAt: NOW + 1, evidence: { ...evidence, channel: 'letter-dpo' } });
    expect(told(ask(ledger, 'customer-newsletter'))[1]).toContain('objection made by the operator, through a letter');
  });

  it('says what the person did as people say it, through a channel that has a name', () => {
    const ledger = known();
    const evidence = { channel: 'tv-options-menu', actor: 'self' as const, caller: 'c', origin: null };
    ledger.say({ purposeId: 'customer-newsletter', status: 'objected', decidedAt: NOW, evidence });
    const why = ask(ledger, 'customer-newsletter');
    expect(told(why, 'nl')[0]).toMatch(/^24 november 2026: u hebt bezwaar gemaakt, via het tv-menu\. /);
    expect(told(why, 'fr')[0]).toMatch(/^24 novembre 2026\u202f: vous vous êtes opposé, via le menu TV\. /);
    expect(why.wouldChange.map(({ sentence }) => sentence.nl)).toEqual([
      'Nieuwsbrief voor klanten: u trekt uw bezwaar in (of uw voogd of een medewerker namens u).',
    ]);
  });

  it('about a request that leaves an older yes in force does not call it older than that', () => {
    const ledger = known();
    const evidence = { channel: 'web-sign-up', actor: 'self' as const, caller: 'c', origin: null };
    ledger.say({ purposeId: 'prospect-newsletter', decidedAt: NOW - DAY });
    ledger.say({ purposeId: 'prospect-newsletter', decidedAt: NOW, evidence });
    expect(told(ask(ledger, 'prospect-newsletter')).at(-1)).toBe(
      '24 November 2026: you were asked for your consent, through sign-up on the website. It is kept as evidence and had no effect: to be asked changes nothing of what stands.',
    );
  });

  it('dates a no that says it is of the future from its reception, as it counts', () => {
    const ledger = known();
    ledger.say({ purposeId: 'customer-newsletter', status: 'objected', decidedAt: Date.parse('2099-01-01T00:00:00Z') });
    expect(told(ask(ledger, 'customer-newsletter'))[0]).toMatch(/^24 November 2026: /);
  });

  it('has a name for each channel of the catalogue', () => {
    const channels = [...catalogue.purposes.values()].flatMap((purpose) => purpose.channels);
    for (const channel of [...channels, ...catalogue.confirmWithin.keys()]) expect(NAMED_CHANNELS).toContain(channel);
  });

  it('in French has a narrow no-break space before each double sign', () => {
    const wrong = (text: string): boolean => /(?<!\u202f)[:;?!](\s|$)/.test(text);
    for (const { fr } of Object.values(REASONS)) expect(wrong(fr)).toBe(false);
    fc.assert(
      fc.property(life, fc.constantFrom(...OLDER.purposes.values()), (acts, purpose) => {
        const { view, entries, now } = lived(new MemoryLedger(OLDER), acts);
        const [scope] = reachedScopes(view, purpose);
        if (scope === undefined) return;
        const why = explain({ view, ledger: entries, catalogue: OLDER, purpose, scope, at: now });
        const sentences = [
          why,
          ...why.steps,
          ...why.wouldChange,
          ...why.steps.flatMap((s) => (s.kind === 'rule' ? s.facts : [])),
        ];
        for (const { sentence } of sentences) expect([wrong(sentence.fr), sentence.fr]).toEqual([false, sentence.fr]);
      }),
      { numRuns: 300 },
    );
  });
});
