import { describe, expect, it } from '@jest/globals';
import { broken, catalogueFiles as files, realCatalogue as catalogue } from '../spec-catalogue.js';
import { CatalogueError } from './catalogue-error.js';
import { parseCatalogue, storedCatalogue } from './parse-catalogue.js';

const chapter = 'purposes/07-marketing.yaml';
const fault = (file: string, id: string | null, field: string, message: string, expected: unknown) => ({
  file,
  id,
  field,
  message,
  expected,
});

describe('a catalogue that can be read is refused all the same, naming file, id and field:', () => {
  it('full objections that leave an own-marketing purpose out, each of them: nothing that comes later would stay closed (C18, C21)', () => {
    const left = (bundle: string) =>
      fault(
        'bundles.yaml',
        bundle,
        'purposes',
        'customer-newsletter is own marketing and left out',
        'every own-marketing purpose, or this is no objection to all marketing',
      );
    const everywhere = /\n {4}- customer-newsletter/g;
    expect(broken('bundles.yaml', everywhere, '')).toEqual([
      left('withdraw-all'),
      left('object-marketing'),
      left('object-marketing-fully'),
    ]);
  });
  it.each([
    [
      'a brand that the statement does not cover (C40)',
      'brands: [proximus, scarlet]',
      'brands: [mobile-vikings]',
      'brands',
      'found mobile-vikings',
    ],
    [
      'a misspelt kind of person',
      'subjectTypes: [event-participant,',
      'subjectTypes: [event-participent,',
      'subjectTypes',
      'found event-participent',
    ],
    ['no proof of a consent (C04)', 'proofRetention: P5Y', 'proofRetention: null', 'proofRetention', 'found none'],
    [
      'a proof kept beyond all calendars',
      'proofRetention: P5Y',
      'proofRetention: P999999Y',
      'proofRetention',
      'found P999999Y',
    ],
  ])('%s', (_, from, to, field, message) => {
    expect(broken('purposes/07-marketing.yaml', from, to)).toMatchObject([{ field, message }]);
  });
  it.each([
    [
      'a period in a clock',
      'purposes/07-marketing.yaml',
      /clocks:\n(\s+)- \{? ?from: consent[^P]*P3Y/,
      (text: string) => text.replace('P3Y', 'P999999999Y'),
      /^clocks\.0\.period$/,
    ],
    ['the deadline of a system', 'systems.yaml', /opening: PT\d+M/, () => 'opening: P999999Y', /^opening$/],
  ] as const)('%s that no calendar reaches', (_, file, from, to, field) => {
    const found = files.find(({ name }) => name === file)?.text.match(from)?.[0] ?? '';
    expect(broken(file, found, to(found))).toMatchObject([
      { field: expect.stringMatching(field) as unknown, expected: 'at most 100 years' },
    ]);
  });
  it('no kinds of data', () => {
    expect(broken('data-categories.yaml', /[^]*/, '[]')).toMatchObject([
      { file: 'data-categories.yaml', message: 'missing or empty' },
    ]);
  });
  it.each(['12-extra.yml', '12-extra.YAML', '12-extra.yaml~', '12-extra.yaml.orig'].map((name) => `purposes/${name}`))(
    'a file that looks like a part: %s',
    (name) => {
      expect(() => parseCatalogue([...files, { name, text: 'nonsense' }])).toThrow(
        `${name}: is read by nobody, expected purposes`,
      );
    },
  );
  it('one version of a notice twice', () => {
    const first =
      files.find(({ name }) => name === 'notices/notices.yaml')?.text.match(/- id: [^]*?(?=\n- id: )/)?.[0] ?? '';
    expect(broken('notices/notices.yaml', first, `${first}\n${first}`)).toMatchObject([
      { file: 'notices/notices.yaml', field: 'version', expected: 'a version of its own for each text' },
    ]);
  });
  it('a bundle about one scope of a level at which none of its purposes is decided (C19)', () => {
    expect(broken('bundles.yaml', 'inOneScopeAt: contact_point', 'inOneScopeAt: line')).toEqual([
      fault(
        'bundles.yaml',
        'email-unsubscribe',
        'inOneScopeAt',
        'found line, at which none of the purposes is decided',
        'the scope level of one of them, or no inOneScopeAt',
      ),
    ]);
  });
  it('own marketing with no bundle to object to it', () => {
    expect(broken('bundles.yaml', '- id: object-marketing\n', '- id: object-marketing-mostly\n')).toEqual([
      fault(
        'bundles.yaml',
        'object-marketing',
        '',
        'missing',
        'the bundle that objects to every own-marketing purpose',
      ),
    ]);
  });
  it('an earlier role of what is not open by default (C42)', () => {
    const asked = /(- id: event-lead-marketing\n[^]*?dependsOn: \[\]\n)/;
    expect(broken(chapter, asked, '$1  continues: [event-participation]\n')).toContainEqual(
      fault(
        chapter,
        'event-lead-marketing',
        'continues',
        'found event-participation for choice model opt-in',
        'none, or choice model opt-out',
      ),
    );
  });
  it('own marketing that takes a no only with reasons', () => {
    const model = 'choiceModel: opt-out\n  defaultAllowed: true';
    const reasoned = new RegExp(`(- id: customer-newsletter\\n[^]*?)${model}`);
    const faults = broken(chapter, reasoned, `$1${model.replace('opt-out', 'objection-motivated')}`);
    expect(faults).toContainEqual(
      fault(
        chapter,
        'customer-newsletter',
        'ownMarketing',
        'found true for choice model objection-motivated',
        'opt-in or opt-out: a no to marketing needs no reason',
      ),
    );
    expect(faults).toContainEqual(
      fault(
        'bundles.yaml',
        'myproximus-marketing-offers',
        'purposes',
        'customer-newsletter takes only an objection with reasons',
        'purposes that end without a reason',
      ),
    );
  });
  it('a consent that is open until a no', () => {
    const consent = 'choiceModel: opt-in\n  defaultAllowed: false';
    expect(broken(chapter, consent, 'choiceModel: opt-out\n  defaultAllowed: true')).toEqual([
      fault(chapter, 'event-participation', 'choiceModel', 'found opt-out', 'opt-in for legal basis consent'),
    ]);
  });
  it('a switch over a purpose that takes only an objection with reasons', () => {
    expect(
      broken(
        'bundles.yaml',
        '    - pickx-on-screen-promotion\n    - pickx-own',
        '    - pickx-market-studies\n    - pickx-own',
      ),
    ).toEqual([
      fault(
        'bundles.yaml',
        'tv-menu-no-promotion',
        'purposes',
        'pickx-market-studies takes only an objection with reasons',
        'purposes that end without a reason',
      ),
    ]);
  });
  it.each([
    ['a day that no calendar has', 'catalogue.yaml', '2026-11-24', '2026-02-30', null, 'date', 'found "2026-02-30"'],
    [
      'a gate by a decision without a number',
      chapter,
      'decision: C25',
      'decision: C00',
      'market-insights-analytics',
      'categoryGates.0.decision',
      'found "C00"',
    ],
    [
      'a bundle by a decision that was never taken',
      'bundles.yaml',
      'C26',
      'C90',
      'withdraw-all',
      'decisions.1',
      'found "C90"',
    ],
    ['a time to confirm of nothing', 'channels.yaml', 'P7D', 'PT0S', 'web-sign-up', 'confirmWithin', 'found "PT0S"'],
    ['a channel that stands for none', 'channels.yaml', 'web-sign-up', 'none', 'none', 'id', 'stands for no channel'],
    [
      'a clock by a decision that was never taken',
      chapter,
      'decision: C06',
      'decision: C99',
      'b2b-direct-marketing-prospects',
      'clocks.0.decision',
      'found "C99"',
    ],
    [
      'a window as long as the period after the contract',
      chapter,
      'window: P6M',
      'window: P60M',
      'ex-customer-consent-campaign',
      'clocks.0.window',
      'found P60M in P5Y from contract-end',
    ],
    [
      'a window of nothing',
      chapter,
      'window: P6M',
      'window: P0D',
      'ex-customer-consent-campaign',
      'clocks.0.window',
      'found P0D in P5Y from contract-end',
    ],
    [
      'a window before the end of a consent',
      chapter,
      'from: consent, period: P3Y, decision: C09',
      'from: consent, period: P3Y, window: P6M, decision: C09',
      'ex-customer-extended-marketing',
      'clocks.0.window',
      'found P6M in P3Y from consent',
    ],
    [
      'a channel that nobody has',
      chapter,
      'channels: [call-centre, email-dpo',
      'channels: [call-center, email-dpo',
      'event-participation',
      'channels',
      'call-center is no channel of this catalogue',
    ],
  ])('%s', (_, file, from, to, id, field, message) => {
    expect(broken(file, from, to)).toEqual([fault(file, id, field, message, expect.any(String))]);
  });
  it('but not one that was accepted before: its time can still be told', () => {
    const older = files.map((f) => (f.name === 'channels.yaml' ? { ...f, text: '' } : f)).filter(({ text }) => text);
    expect(() => parseCatalogue(older)).toThrow(CatalogueError);
    expect(storedCatalogue(older).purposes.size).toBe(catalogue.purposes.size);
  });
});
