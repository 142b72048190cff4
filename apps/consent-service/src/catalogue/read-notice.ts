import { NOTICES, storedNotices } from '@consent/consent-rules';
import { type Reader } from '../ledger/read-positions.js';
import { SHOWN_VERSIONS } from './rewritten-notices.js';

const READ = `${SHOWN_VERSIONS}
SELECT version, file->>'text' AS text, list->>'text' AS list
  FROM shown JOIN catalogue_version USING (version),
       jsonb_array_elements(files) AS file, jsonb_array_elements(files) AS list
 WHERE file->>'name' LIKE 'notices/%' AND encode(sha256(convert_to(file->>'text', 'UTF8')), 'hex') = $1
   AND list->>'name' = $2
 ORDER BY stored_at, version`;

/** A text that people were shown, and as which notices. */
export interface NoticeText {
  contentHash: string;
  text: string;
  notices: { id: string; version: string; language: string; purposes: readonly string[] }[];
  /** The first version of the catalogue that had it. */
  catalogueVersion: string;
}

/**
 * The text that a decision names by its hash, also when no notice in force has it any more; null when no version of the
 * catalogue that has been in force had it.
 * @param contentHash SHA-256, lower-case hex
 */
export async function readNotice(reader: Reader, contentHash: string): Promise<NoticeText | null> {
  const { rows } = await reader.query<{ version: string; text: string; list: string }>(READ, [contentHash, NOTICES]);
  for (const { version, text, list } of rows) {
    const listed = storedNotices(list).filter((notice) => notice.contentHash === contentHash);
    const notices = listed.map(({ id, version: of, language, purposes }) => ({ id, version: of, language, purposes }));
    if (notices.length > 0) return { contentHash, text, notices, catalogueVersion: version };
  }
  return null;
}
