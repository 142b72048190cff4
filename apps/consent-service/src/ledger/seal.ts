import { createHash } from 'node:crypto';
import { type LedgerEntry } from '@consent/consent-rules';
import { canonicalEntry } from './canonical-entry.js';
import { randomBytes } from './random-bytes.js';

const SALT_BYTES = 16;

export interface Seal {
  salt: Buffer;
  hash: Buffer;
}

/** A fresh salt, and the hash of the entry under it. */
export function seal(entry: LedgerEntry): Seal {
  const salt = randomBytes(SALT_BYTES);
  return { salt, hash: hashOf(entry, salt) };
}

/**
 * SHA-256 over the salt and the canonical JSON (RFC 8785) of the decision as published, without committedAt. The salt
 * keeps the hash from telling anything about the entry once the entry is erased.
 */
export const hashOf = (entry: LedgerEntry, salt: Buffer): Buffer =>
  createHash('sha256').update(salt).update(canonicalEntry(entry)).digest();
