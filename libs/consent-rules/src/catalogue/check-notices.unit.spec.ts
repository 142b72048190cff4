import { describe, expect, it } from '@jest/globals';
import { broken, realCatalogue as catalogue } from '../spec-catalogue.js';
import { rewrittenNotices } from './check-notices.js';

describe('a notice', () => {
  it('that is missing in a language is refused', () => {
    const texts = /\n {4}fr-BE:\n {6}\{ file: directory[^}]*\}/;
    expect(broken('notices/notices.yaml', texts, '')).toEqual([
      {
        file: 'notices/notices.yaml',
        id: 'directory',
        field: 'texts.fr',
        message: 'missing',
        expected: 'a text in each of en, nl, fr, with or without a region',
      },
    ]);
  });
});

describe('a notice under the version that people said yes to', () => {
  const { notices } = catalogue;
  const [notice, ...others] = notices;
  if (notice === undefined) throw new Error('no notice');
  const place = { file: 'notices/notices.yaml', id: notice.id };

  it('keeps its text: another one is refused, naming file, id and field', () => {
    const rewritten = [{ ...notice, contentHash: 'f'.repeat(64) }, ...others];
    expect(rewrittenNotices(notices, rewritten)).toMatchObject([
      { ...place, field: `texts.${notice.language}.contentHash`, message: expect.stringContaining('ffff') },
    ]);
  });
  it('keeps its languages', () => {
    expect(rewrittenNotices(notices, others)).toMatchObject([
      { ...place, field: `texts.${notice.language}`, message: `missing in version ${notice.version}` },
    ]);
  });
  it('is named once, in however many versions of the catalogue it was in force', () => {
    expect(rewrittenNotices([...notices, ...notices], others)).toHaveLength(1);
  });
  it('may get another language, a newer version, or go', () => {
    const newer = notices.map((n) => ({ ...n, version: '99' }));
    expect(rewrittenNotices(others, notices)).toEqual([]);
    expect(rewrittenNotices(notices, newer)).toEqual([]);
    expect(rewrittenNotices(notices, [])).toEqual([]);
  });
});
