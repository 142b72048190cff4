import { createHash } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type CatalogueFile } from '@consent/consent-rules';
import { specApp, type SpecApp } from '../spec-app.js';
import { catalogueFiles } from './catalogue-files.js';

jest.setTimeout(60_000);

const FILES = catalogueFiles(fileURLToPath(new URL('../../../../catalogue/', import.meta.url)));
const edited = (file: string, from: string | RegExp, to: string): CatalogueFile[] =>
  FILES.map(({ name, text }) => ({ name, text: name === file ? text.replace(from, to) : text }));

const CHAPTER = 'purposes/07-marketing.yaml';
const NOTICE = 'notices/cookies.5.en.txt';
const rewritten = edited(NOTICE, 'May we', 'Could we');
const hashOf = (files: CatalogueFile[]) =>
  createHash('sha256')
    .update(files.find(({ name }) => name === NOTICE)?.text ?? '')
    .digest('hex');

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
    const files = rewritten.map(({ name, text }) => ({ name, text: text.replace(hashOf(FILES), hashOf(rewritten)) }));
    const { status, body } = await app.call('POST', '/v1/catalogue/changes', { body: { files } });
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
