import { type Catalogue } from '../types.js';
import { type CatalogueFault } from './catalogue-error.js';
import { type Placed, type RawNotice } from './raw.js';

/** Every notice is there in each of them, whatever the region. */
const LANGUAGES = ['en', 'nl', 'fr'];

/** Notices that a part of the people could not read, and two that go by one name. */
export function checkNotices(notices: readonly Placed<RawNotice>[]): CatalogueFault[] {
  const faults: CatalogueFault[] = [];
  const seen = new Set<string>();
  for (const { file, entry } of notices) {
    const { id, version } = entry;
    if (seen.has(`${id} ${version}`)) {
      const message = `${version} stands twice`;
      faults.push({ file, id, field: 'version', message, expected: 'a version of its own for each text' });
    }
    seen.add(`${id} ${version}`);
    const spoken = Object.keys(entry.texts).map((language) => language.split('-')[0]);
    for (const language of LANGUAGES)
      if (!spoken.includes(language)) {
        const expected = `a text in each of ${LANGUAGES.join(', ')}, with or without a region`;
        faults.push({ file, id, field: `texts.${language}`, message: 'missing', expected });
      }
  }
  return faults;
}

/** Texts that a newer version of the catalogue has otherwise, or no more, under the notice version that people said yes to. */
export function rewrittenNotices(from: Pick<Catalogue, 'notices'>, to: Pick<Catalogue, 'notices'>): CatalogueFault[] {
  return from.notices.flatMap(({ id, version, language, contentHash }) => {
    const same = to.notices.filter((notice) => notice.id === id && notice.version === version);
    const now = same.find((notice) => notice.language === language);
    if (same.length === 0 || now?.contentHash === contentHash) return [];
    return [
      {
        file: 'notices/notices.yaml',
        id,
        field: `texts.${language}${now ? '.contentHash' : ''}`,
        message: now ? `found ${now.contentHash} in version ${version}` : `missing in version ${version}`,
        expected: `${contentHash} as in the version in force, or a new version of the notice: people agreed to that text`,
      },
    ];
  });
}
