import { createHash } from 'node:crypto';
import { type CatalogueFile, type NoticeVersion } from '../types.js';
import { type CatalogueFault } from './catalogue-error.js';
import { type Placed, type RawNotice } from './raw.js';

/** One entry a language; each content hash is held against the text file it speaks of. */
export function noticeVersions(
  notices: readonly Placed<RawNotice>[],
  files: readonly CatalogueFile[],
  faults: CatalogueFault[],
): NoticeVersion[] {
  const texts = new Map(files.map((f) => [f.name, f.text]));
  return notices.flatMap(({ file, entry }) =>
    Object.entries(entry.texts).map(([language, { file: name, contentHash }]) => {
      const text = texts.get(`notices/${name}`);
      const fault = (field: string, message: string, expected: string) =>
        faults.push({ file, id: entry.id, field: `texts.${language}.${field}`, message, expected });
      if (text === undefined) fault('file', `notices/${name} does not exist`, 'a text file in notices/');
      else if (sha256(text) !== contentHash)
        fault('contentHash', `found ${contentHash}`, `${sha256(text)}, the SHA-256 of notices/${name}`);
      return { id: entry.id, version: entry.version, language, contentHash, purposes: entry.purposes };
    }),
  );
}

const sha256 = (text: string): string => createHash('sha256').update(text, 'utf8').digest('hex');
