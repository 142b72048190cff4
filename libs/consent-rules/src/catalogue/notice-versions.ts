import { createHash } from 'node:crypto';
import { type CatalogueFile, type NoticeVersion } from '../types.js';
import { CatalogueError, type CatalogueFault } from './catalogue-error.js';
import { type Placed, type RawNotice } from './raw.js';
import { readPart } from './read-part.js';

export const NOTICES = 'notices/notices.yaml';

/** One entry a language. */
export const noticeVersions = (notices: readonly RawNotice[]): NoticeVersion[] =>
  notices.flatMap(({ id, version, purposes, texts }) =>
    Object.entries(texts).map(([language, { contentHash }]) => ({ id, version, language, contentHash, purposes })),
  );

/**
 * The notices of a catalogue that was accepted once.
 * @param text of its notices/notices.yaml
 * @throws CatalogueError where it cannot be read
 */
export function storedNotices(text: string): NoticeVersion[] {
  const faults: CatalogueFault[] = [];
  const notices = readPart<RawNotice[]>('notices', { name: NOTICES, text }, faults);
  if (notices === null) throw new CatalogueError(faults);
  return noticeVersions(notices);
}

/** Each content hash is held against the text file it speaks of. */
export function checkNoticeTexts(
  notices: readonly Placed<RawNotice>[],
  files: readonly CatalogueFile[],
): CatalogueFault[] {
  const known = new Map(files.map((f) => [f.name, f.text]));
  return notices.flatMap(({ file, entry: { id, texts } }) =>
    Object.entries(texts).flatMap(([language, { file: name, contentHash }]) => {
      const text = known.get(`notices/${name}`);
      const fault = (field: string, message: string, expected: string) => [
        { file, id, field: `texts.${language}.${field}`, message, expected },
      ];
      if (text === undefined) return fault('file', `notices/${name} does not exist`, 'a text file in notices/');
      if (sha256(text) === contentHash) return [];
      return fault('contentHash', `found ${contentHash}`, `${sha256(text)}, the SHA-256 of notices/${name}`);
    }),
  );
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
