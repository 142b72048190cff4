import { type NoticeVersion } from '../types.js';
import { type CatalogueFault } from './catalogue-error.js';
import { NOTICES } from './notice-versions.js';
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

/**
 * Texts that a newer version of the catalogue has otherwise, or no more, under a notice version that people said yes to.
 * @param shown the notices of every version that has been in force
 */
export function rewrittenNotices(shown: readonly NoticeVersion[], to: readonly NoticeVersion[]): CatalogueFault[] {
  const texts = shown.map((notice) => [textOf(notice), notice] as const);
  return [...new Map(texts).values()].flatMap(({ id, version, language, contentHash }) => {
    const same = to.filter((notice) => notice.id === id && notice.version === version);
    const now = same.find((notice) => notice.language === language);
    if (same.length === 0 || now?.contentHash === contentHash) return [];
    return [
      {
        file: NOTICES,
        id,
        field: `texts.${language}${now ? '.contentHash' : ''}`,
        message: now ? `found ${now.contentHash} in version ${version}` : `missing in version ${version}`,
        expected: `${contentHash} as when it was in force, or a new version of the notice: people agreed to that text`,
      },
    ];
  });
}

const textOf = ({ id, version, language, contentHash }: NoticeVersion): string =>
  [id, version, language, contentHash].join(' ');
