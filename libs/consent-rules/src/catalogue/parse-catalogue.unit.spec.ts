import { describe, expect, it } from '@jest/globals';
import { SYSTEMS } from '@consent/events';
import { broken, catalogueFiles as files, realCatalogue as catalogue } from '../spec-catalogue.js';
import { optIn } from '../test-fixtures.js';
import { type Purpose, type SystemDeadlines } from '../types.js';
import { categoryPermission } from '../category-permission.js';
import { objectsToAllMarketing } from '../expand-bundle.js';
import { diffCatalogues, isSame } from './diff-catalogues.js';
import { parseCatalogue, storedCatalogue } from './parse-catalogue.js';

const purposes = [...catalogue.purposes.values()];

describe('the catalogue', () => {
  it('holds the 87 purposes of the statement, by choice model', () => {
    const count = (model: string) => purposes.filter((p) => p.choiceModel === model).length;
    expect([purposes.length, count('none'), count('opt-in'), count('opt-out'), count('objection-motivated')]).toEqual([
      87, 23, 22, 23, 19,
    ]);
  });

  it('concerns each system with as many purposes as it acts on', () => {
    const counts = SYSTEMS.map((s) => [s, purposes.filter((p) => p.systems.includes(s)).length]);
    expect(Object.fromEntries(counts)).toEqual({
      'marketing-segmentation': 30,
      'pickx-ad-targeting': 6,
      'ads-data-export': 6,
      'directory-listing': 3,
      'group-sharing': 4,
    });
  });

  it('closes loyalty, 7.2.3 and group sharing to Scarlet and nothing else (C40, C87)', () => {
    const sections = purposes.filter((p) => p.excludedBrands.includes('scarlet')).map((p) => p.section);
    expect(new Set(sections)).toEqual(new Set(['5.3', '7.2.2.5', '7.2.3.1', '7.2.3.2', '7.2.3.3', '7.2.3.4']));
  });

  it('lets none of the four advertising consents of 7.2.3 stand on another', () => {
    const ads = purposes.filter((p) => p.section.startsWith('7.2.3.'));
    expect(ads).toHaveLength(4);
    for (const p of ads) expect(ads.some((other) => p.dependsOn.includes(other.id))).toBe(false);
  });

  it('reaches no advertising consent of third parties by a full marketing objection (C21, C22)', () => {
    const reached = catalogue.bundles.get('object-marketing')?.purposes ?? [];
    expect(reached).toEqual(purposes.filter((p) => reached.includes(p.id)).map((p) => p.id));
    expect(new Set(reached)).toEqual(new Set(purposes.filter((p) => p.ownMarketing).map((p) => p.id)));
    expect(reached.some((id) => catalogue.purposes.get(id)?.section.startsWith('7.2.3'))).toBe(false);
  });

  it('lets a full objection said to a person reach the advertising of third parties too (C22)', () => {
    const advertising = purposes.filter((p) => p.section.startsWith('7.2.3')).map((p) => p.id);
    const reached = new Set(catalogue.bundles.get('object-marketing-fully')?.purposes);
    expect(reached).toEqual(new Set([...(catalogue.bundles.get('object-marketing')?.purposes ?? []), ...advertising]));
  });

  it('has three bundles that object to all marketing', () => {
    const full = [...catalogue.bundles.keys()].filter((id) => objectsToAllMarketing(id, catalogue));
    expect(full).toEqual(['withdraw-all', 'object-marketing', 'object-marketing-fully']);
  });

  it('has words in three languages for every purpose, all different', () => {
    for (const language of ['en', 'nl', 'fr'] as const)
      expect(new Set(purposes.map((p) => p.title[language])).size).toBe(purposes.length);
  });

  it('knows what stands on a purpose, directly or through others', () => {
    expect(catalogue.dependants.get('directory-contact-listing')?.map((p) => p.id)).toEqual([
      'directory-profession-listing',
      'directory-statutory-provision',
    ]);
  });

  it('has a version that changes with any file and not with their order', () => {
    const version = parseCatalogue([...files].reverse()).version;
    expect(version).toBe(catalogue.version);
    expect(version).toMatch(/^\d{4}-\d{2}-\d{2}\.[0-9a-f]{12}$/);
    expect(parseCatalogue([...files, { name: 'readme.md', text: '' }]).version).not.toBe(version);
  });
});

describe('category gates', () => {
  const exported = purposes.filter((p) => p.systems.includes('ads-data-export') && p.section.startsWith('7.2.3'));
  it.each(['derived:bad-payer-info', 'derived:traffic-interests', 'derived:sensitive-topics'])(
    'keep %s out of every advertising export, whatever was granted (C77, C78, C79)',
    (category) => {
      expect(exported).toHaveLength(3);
      for (const p of exported) expect(categoryPermission(p, category, () => true).usable).toBe(false);
    },
  );
  it('open a category once every purpose they name is allowed', () => {
    const gated = purposes.flatMap((p) =>
      p.categoryGates.filter((g) => g.needsGrantOf.length > 0).map((g) => ({ p, g })),
    );
    expect(gated.length).toBeGreaterThan(0);
    for (const { p, g } of gated) {
      expect(categoryPermission(p, g.category, () => false)).toMatchObject({ usable: false, decision: g.decision });
      expect(categoryPermission(p, g.category, (id) => g.needsGrantOf.includes(id)).usable).toBe(true);
    }
  });
  it('open nothing while one of several purposes that they name is closed', () => {
    const gated = optIn({ categoryGates: [{ category: 'c', needsGrantOf: ['a', 'b'], decision: 'C85' }] });
    for (const [granted, isUsable] of [
      [['a'], false],
      [['b'], false],
      [['a', 'b'], true],
    ] as const)
      expect(categoryPermission(gated, 'c', (id) => (granted as readonly string[]).includes(id)).usable).toBe(isUsable);
  });
});

const NOTHING = { added: [], removed: [], changed: [] };

describe('a version of the catalogue from before a system was added', () => {
  const older = files.map(({ name, text }) => ({
    name,
    text:
      name === 'systems.yaml'
        ? text.replace(/- id: group-sharing\n(?: .*\n?)*/, '')
        : text.replaceAll('systems: [group-sharing]', 'systems: [ads-data-export]').replaceAll(', group-sharing', ''),
  }));

  it('is read as it was, and a new version has to name the system', () => {
    expect(storedCatalogue(older).systems.has('group-sharing')).toBe(false);
    expect(() => parseCatalogue(older)).toThrow('systems.yaml: group-sharing: missing, expected every system');
  });
});

describe('a version of the catalogue from before kinds of data were listed', () => {
  const older = files
    .filter(({ name }) => name !== 'data-categories.yaml')
    .map(({ name, text }) => ({
      name,
      text: text
        .replace(
          /\n {2}dataCategories(OutsideTable)?:(?= *\[).*|\n {2}dataCategories(OutsideTable)?:\n {4}\[[^\]]*\]/g,
          '',
        )
        .replace(/\s+categories: \[[^\]]*\],/g, ''),
    }));
  const read = storedCatalogue(older);

  it('is read, and what no gate opens is used for nothing', () => {
    expect(read.dataCategories.size).toBe(0);
    for (const p of read.purposes.values())
      for (const category of ['collected:identification-contact', 'collected:court-administration'])
        expect(categoryPermission(p, category, () => true).usable).toBe(false);
    const segmentation = read.purposes.get('customer-base-segmentation') as Purpose;
    expect(categoryPermission(segmentation, 'derived:traffic-interests', () => true).usable).toBe(true);
  });
});

describe('the difference between two catalogues', () => {
  it('names what was added, removed and changed, field by field, and systems that are named anew', () => {
    const purposesOf = new Map(catalogue.purposes);
    purposesOf.delete('family-life-service');
    const changed = { ...(catalogue.purposes.get('contact-by-post') as Purpose), brands: ['proximus'] };
    purposesOf.set(changed.id, changed);
    const calls = {
      ...(catalogue.purposes.get('contact-by-phone') as Purpose),
      systems: ['marketing-segmentation' as const],
    };
    purposesOf.set(calls.id, calls);
    const older = { ...catalogue, version: 'older', purposes: purposesOf };
    expect(diffCatalogues(older, catalogue)).toEqual({
      from: 'older',
      to: catalogue.version,
      added: ['family-life-service'],
      removed: [],
      changed: [
        {
          id: 'contact-by-phone',
          fields: [{ field: 'systems', from: calls.systems, to: ['marketing-segmentation', 'group-sharing'] }],
        },
        { id: 'contact-by-post', fields: [{ field: 'brands', from: ['proximus'], to: ['proximus', 'scarlet'] }] },
      ],
      named: [{ systemId: 'group-sharing', purposes: ['contact-by-phone'] }],
      notices: NOTHING,
      bundles: NOTHING,
      systems: NOTHING,
      confirmations: NOTHING,
    });
    expect(diffCatalogues(catalogue, older).removed).toEqual(['family-life-service']);
  });
  it('names channels over which a yes counts without a confirmation from now on', () => {
    const confirmWithin = new Map(catalogue.confirmWithin);
    confirmWithin.delete('web-sign-up');
    const found = diffCatalogues(catalogue, { ...catalogue, confirmWithin });
    expect(found.confirmations).toEqual({ added: [], removed: ['web-sign-up'], changed: [] });
    expect(isSame(found)).toBe(false);
  });
  it('names notices with another text, other deadlines and other bundles', () => {
    const [notice, ...others] = catalogue.notices;
    if (notice === undefined) throw new Error('no notice');
    const bundles = new Map(catalogue.bundles);
    bundles.delete('withdraw-all');
    const systems = new Map(catalogue.systems);
    const slow = { ...(systems.get('group-sharing') as SystemDeadlines), closingMs: 1 };
    systems.set('group-sharing', slow);
    const older = { ...catalogue, notices: [{ ...notice, contentHash: '' }, ...others], bundles, systems };
    const found = diffCatalogues(older, catalogue);
    expect(found.notices.changed).toMatchObject([
      { id: `${notice.id} ${notice.version} ${notice.language}`, fields: [{ field: 'contentHash' }] },
    ]);
    expect(found.bundles).toMatchObject({ added: ['withdraw-all'], removed: [], changed: [] });
    expect(found.systems.changed).toEqual([
      { id: 'group-sharing', fields: [{ field: 'closingMs', from: 1, to: 30_000 }] },
    ]);
    expect([isSame(found), isSame(diffCatalogues(catalogue, catalogue))]).toEqual([false, true]);
  });
});

describe('a broken catalogue is refused, naming file, id and field:', () => {
  const chapter = 'purposes/07-marketing.yaml';
  it('a value that is not on the list', () => {
    expect(broken(chapter, 'choiceModel: opt-in', 'choiceModel: opt-inn')).toEqual([
      {
        file: chapter,
        id: 'event-participation',
        field: 'choiceModel',
        message: 'found "opt-inn"',
        expected: 'one of "opt-in", "opt-out", "objection-motivated", "none"',
      },
    ]);
  });
  it('a field nobody knows', () => {
    expect(broken(chapter, 'profiling: ', 'colour: red\n  profiling: ')[0]).toMatchObject({
      id: 'event-participation',
      field: 'colour',
      message: 'not a field of this entry',
      expected: expect.stringContaining('scopeLevel, ') as unknown,
    });
  });
  it('a field that is missing', () => {
    expect(broken(chapter, /\n {2}scopeLevel: person/, '')[0]).toMatchObject({
      field: 'scopeLevel',
      message: 'missing',
      expected: 'one of "person", "account", "line", "device", "contact_point", null',
    });
  });
  it('a default that does not fit the choice model', () => {
    expect(broken(chapter, 'defaultAllowed: false', 'defaultAllowed: true')[0]).toMatchObject({
      id: 'event-participation',
      field: 'defaultAllowed',
      message: 'found true',
      expected: 'false for choice model opt-in',
    });
  });
  it('a prerequisite that does not exist', () => {
    expect(broken(chapter, 'dependsOn: [customer-base-segmentation]', 'dependsOn: [nowhere]')[0]).toMatchObject({
      file: chapter,
      field: 'dependsOn',
      message: 'nowhere is no purpose of this catalogue',
    });
  });
  it('an earlier role that does not exist, is decided elsewhere, or goes round (C42)', () => {
    const earlier = 'continues: [prospect-newsletter]';
    const found = (to: string) =>
      broken(chapter, earlier, `continues: [${to}]`).map(({ id, message }) => [id, message]);
    expect(found('nowhere')).toEqual([['customer-newsletter', 'nowhere is no purpose of this catalogue']]);
    expect(found('advertising-cookies')).toEqual([
      ['customer-newsletter', 'advertising-cookies is decided per device'],
    ]);
    expect(found('customer-newsletter')).toEqual([
      ['customer-newsletter', 'earlier roles go round: customer-newsletter → customer-newsletter'],
    ]);
  });
  it('a window that is no period (C09)', () => {
    expect(broken(chapter, 'window: P6M', 'window: six months')).toMatchObject([
      { file: chapter, id: 'ex-customer-consent-campaign', field: 'clocks.0.window', message: 'found "six months"' },
    ]);
  });
  it('prerequisites that go round', () => {
    const faults = broken(
      'purposes/06-services-and-law.yaml',
      'dependsOn: []',
      'dependsOn: [premises-camera-surveillance]',
    );
    expect(faults).toEqual([
      expect.objectContaining({ field: 'dependsOn', message: expect.stringContaining('go round') as unknown }),
    ]);
  });
  it('a kind of data whose end no clock could tell (C11)', () => {
    const prospects = '- { appliesTo: null, period: P3Y, starts: consent-given, until: null }';
    expect(broken(chapter, prospects, prospects.replace('{ ', '{ category: leads, '))[0]).toMatchObject({
      file: chapter,
      field: 'retention',
      message: 'leads has no end that the clock could tell (starts consent-given, until null)',
      expected: 'contract-end, or no category',
    });
  });
  it.each([
    [
      'dataCategories',
      "dataCategories: ['collected:identification-contact']",
      "dataCategories: ['collected:contacts']",
      'collected:contacts',
    ],
    [
      'categoryGates',
      "category: 'derived:sensitive-topics'",
      "category: 'derived:sensitive-topic'",
      'derived:sensitive-topic',
    ],
    ['retention', 'categories: [held-by-ads-data]', 'categories: [held-by-advertisers]', 'held-by-advertisers'],
  ])('a kind of data that is none, in %s', (field, from, to, named) => {
    expect(broken(chapter, from, to)).toEqual([
      {
        file: chapter,
        id: expect.any(String) as unknown,
        field,
        message: `${named} is no kind of data`,
        expected: 'one of those in data-categories.yaml',
      },
    ]);
  });
  it('a contact channel that is none', () => {
    const disclosure = 'purposes/05-disclosure.yaml';
    expect(broken(disclosure, 'contactChannels: [contact-by-phone]', 'contactChannels: [service-delivery]')).toEqual([
      {
        file: disclosure,
        id: 'group-affiliate-phone-marketing',
        field: 'contactChannels',
        message: 'service-delivery is no contact channel of this catalogue',
        expected: 'a purpose per contact_point',
      },
    ]);
  });
  it('a kind of data that serves a purpose nobody has, or has no decision for it', () => {
    const kinds = 'data-categories.yaml';
    expect(broken(kinds, 'servesOnly: [new-order-risk-assessment]', 'servesOnly: [orders]')).toMatchObject([
      {
        file: kinds,
        id: 'collected:court-administration',
        field: 'servesOnly',
        message: expect.stringContaining('orders') as unknown,
      },
    ]);
    expect(broken(kinds, /\n {2}decision: C89/, '')).toMatchObject([
      {
        file: kinds,
        id: 'collected:court-administration',
        field: 'decision',
        message: 'missing',
        expected: 'a value, as the entry has servesOnly',
      },
    ]);
  });
  it('a purpose about nobody, and a notice about nothing', () => {
    const marketing = 'purposes/07-marketing.yaml';
    expect(broken(marketing, /subjectTypes: \[[^\]]+\]/, 'subjectTypes: []')).toMatchObject([
      { file: marketing, field: 'subjectTypes', message: 'found []' },
    ]);
    expect(broken('notices/notices.yaml', /purposes: \[[^\]]+\]/, 'purposes: []')).toMatchObject([
      { file: 'notices/notices.yaml', field: 'purposes', message: 'found []' },
    ]);
  });
  it('a statement of which nobody says whose it is', () => {
    expect(broken('catalogue.yaml', 'controller: Proximus', 'controler: Proximus')).toMatchObject([
      { file: 'catalogue.yaml', field: 'statement.controller', message: 'missing' },
      { file: 'catalogue.yaml', field: 'statement.controler', message: 'not a field of this entry' },
    ]);
  });
  it('a notice whose text was changed', () => {
    expect(broken('notices/cookies.5.en.txt', 'May we', 'Could we')[0]).toMatchObject({
      file: 'notices/notices.yaml',
      id: 'cookies',
      field: 'texts.en.contentHash',
    });
  });
  it('a period that is none', () => {
    expect(broken('systems.yaml', 'closing: PT30S', 'closing: 30 s')[0]).toMatchObject({
      id: 'marketing-segmentation',
      field: 'closing',
      expected: 'a period in ISO 8601 without weeks and fractions, such as P3Y or PT30M',
    });
  });
  it('a bundle over a purpose without a choice', () => {
    expect(broken('bundles.yaml', '- market-research-invitations', '- service-delivery')[0]).toMatchObject({
      id: 'withdraw-all',
      field: 'purposes',
    });
  });
  it('text that is not YAML', () => {
    expect(broken('bundles.yaml', /^/, '\t- [')[0]).toMatchObject({ file: 'bundles.yaml', id: null });
    expect(broken('channels.yaml', '- id: call-centre', '- id: !secret call-centre')).toMatchObject([
      { file: 'channels.yaml', message: expect.stringContaining('Unresolved tag: !secret') as unknown },
    ]);
  });
  it.each([
    [
      'a list',
      /(customer-newsletter\n[^]*?)systems:.*(\n {4}- .*)*/,
      '$1systems: &a [*a]',
      'customer-newsletter',
      'systems.0',
    ],
    ['an entry', /title:/, 'again: &a { of: *a }\n  title:', 'event-participation', 'again.of'],
    ['the file', /^[^]*$/, '&a [*a]', 'entry 1', ''],
  ])('an alias of %s to itself', (_, from, to, id, field) => {
    expect(broken(chapter, from, to)).toEqual([
      {
        file: chapter,
        id,
        field,
        message: expect.stringContaining('alias') as unknown,
        expected: 'a value of its own',
      },
    ]);
  });
  it('a system without deadlines', () => {
    expect(broken('systems.yaml', /- id: group-sharing[\s\S]*$/, '').map((f) => f.message)).toContain(
      'group-sharing has no entry in systems.yaml',
    );
  });
  it('no files at all', () => {
    expect(() => parseCatalogue([])).toThrow(/catalogue\.yaml: missing, expected the date/);
  });
});
