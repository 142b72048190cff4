import { createHash } from 'node:crypto';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { type CatalogueFile } from '@consent/consent-rules';
import { specApp, type SpecApp } from '../spec-app.js';
import { type CatalogueChange } from './read-change.js';
import { changeIn, FILES } from './spec-change.js';

jest.setTimeout(60_000);

const edited = (file: string, from: string | RegExp, to: string): CatalogueFile[] =>
  FILES.map(({ name, text }) => ({ name, text: name === file ? text.replace(from, to) : text }));

const CHAPTER = 'purposes/07-marketing.yaml';
const NOTICE = 'notices/cookies.5.en.txt';
const rewritten = edited(NOTICE, 'May we', 'Could we');
const hashOf = (files: CatalogueFile[]) =>
  createHash('sha256')
    .update(files.find(({ name }) => name === NOTICE)?.text ?? '')
    .digest('hex');

const NOTICES = 'notices/notices.yaml';
/** The catalogue with version 5 of the notice about cookies under another version, and with its text or another one. */
const cookies = (version: string, files = FILES): CatalogueFile[] =>
  files.map(({ name, text }) => ({
    name,
    text:
      name === NOTICES
        ? text.replace(/(id: cookies\n {2}version: ).*/, `$1'${version}'`).replace(hashOf(FILES), hashOf(files))
        : text,
  }));

describe('a plan of a catalogue', () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  });
  afterAll(() => app.close());

  it.each([
    ['a NUL character', edited(CHAPTER, /(\n {4}en: ).*/, '$1"Camera\\0x"'), 'event-participation title.en'],
    ['half a surrogate pair', edited(CHAPTER, /(\n {4}en: ).*/, '$1"Camera\\uD800x"'), 'event-participation title.en'],
    [
      'an alias of itself',
      edited(CHAPTER, / {2}systems:.*(\n {4}- .*)*/, '  systems: &a [*a]'),
      'event-participation systems.0',
    ],
    ['a NUL character in a file that is no part', [...FILES, { name: 'readme.md', text: '\0' }], undefined],
  ])('with %s is refused with file, id and field', async (_, files, place) => {
    const { status, body } = await app.call('POST', '/v1/catalogue/changes', { body: { files } });
    expect([status, body]).toMatchObject([
      422,
      { type: 'urn:consent:problem:catalogue-faulty', errors: [{ path: place ? `${CHAPTER} ${place}` : 'readme.md' }] },
    ]);
  });

  it('with another text under the notice version that is in force is refused with file, id and field', async () => {
    const { status, body } = await app.call('POST', '/v1/catalogue/changes', {
      body: { files: cookies('5', rewritten) },
    });
    expect([status, body]).toMatchObject([
      422,
      {
        type: 'urn:consent:problem:catalogue-faulty',
        errors: [
          {
            path: 'notices/notices.yaml cookies texts.en.contentHash',
            message: `found ${hashOf(rewritten)} in version 5`,
            expected: expect.stringContaining(hashOf(FILES)),
          },
        ],
      },
    ]);
  });
});

describe('a notice that people have seen', () => {
  let app: SpecApp;
  beforeEach(async () => {
    app = await specApp();
  });
  afterEach(() => app.close());

  const plan = (files: readonly CatalogueFile[]) =>
    app.call<CatalogueChange>('POST', '/v1/catalogue/changes', { body: { files } });
  const planned = async (files: readonly CatalogueFile[]) =>
    changeIn(app, (await plan(files)).body.changeId, ['planned', 'refused']);
  const apply = ({ changeId, planHash }: CatalogueChange) =>
    app.call('POST', `/v1/catalogue/changes/${changeId}/apply`, { body: { planHash } });
  const inForce = async (files: readonly CatalogueFile[]) => {
    const change = await planned(files);
    expect(await apply(change)).toMatchObject({ status: 200 });
    await changeIn(app, change.changeId, ['recorded', 'done']);
  };
  const refused = (version: string) => ({
    status: 422,
    body: {
      type: 'urn:consent:problem:catalogue-faulty',
      errors: [
        { path: 'notices/notices.yaml cookies texts.en.contentHash', message: expect.stringContaining(version) },
      ],
    },
  });

  it('keeps its text under its version, also when another version has been in force in between', async () => {
    await inForce(cookies('6', rewritten));
    expect(await plan(cookies('5', rewritten))).toMatchObject(refused('in version 5'));
    await inForce(FILES);
    expect(await plan(cookies('6'))).toMatchObject(refused('in version 6'));
  });

  it('is read by the hash that decisions name, also when its version is gone whole, and no text that was only planned', async () => {
    const old = hashOf(FILES);
    await planned(cookies('6', rewritten));
    expect(await app.call('GET', `/v1/notices/${hashOf(rewritten)}`)).toMatchObject({
      status: 404,
      body: { type: 'urn:consent:problem:notice-text-unknown' },
    });
    const first = await app.call('GET', `/v1/notices/${old}`);
    expect(first).toMatchObject({
      status: 200,
      body: {
        text: FILES.find(({ name }) => name === NOTICE)?.text,
        notices: [{ id: 'cookies', version: '5', language: 'en' }],
      },
    });
    await inForce(cookies('6', rewritten));
    expect((await app.call('GET', `/v1/notices/${old}`)).body).toEqual(first.body);
    expect((await app.call('GET', `/v1/notices/${hashOf(rewritten)}`)).body).toMatchObject({
      notices: [{ id: 'cookies', version: '6', language: 'en' }],
    });
    expect((await app.call('GET', '/v1/notices/x')).status).toBe(400);
  });

  it('keeps it against a plan from before it came into force', async () => {
    const before = await planned(cookies('6'));
    await inForce(cookies('6', rewritten));
    await inForce(FILES);
    expect(await apply(before)).toMatchObject(refused('in version 6'));
  });
});
