import { createHash, randomFillSync } from 'node:crypto';
import { type LedgerEntry } from '@consent/consent-rules';
import canonicalize from 'canonicalize';

const SALT_BYTES = 16;
/** Salts are cut from blocks: one call to the system's generator for 256 entries. */
const BLOCK_BYTES = SALT_BYTES * 256;
let block = Buffer.alloc(0);

export interface Seal {
  salt: Buffer;
  hash: Buffer;
}

/** A fresh salt, and the hash of the entry under it. */
export function seal(entry: LedgerEntry): Seal {
  const salt = freshSalt();
  return { salt, hash: hashOf(entry, salt) };
}

/**
 * SHA-256 over the salt and the canonical JSON (RFC 8785) of the decision as published, without committedAt. The salt
 * keeps the hash from telling anything about the entry once the entry is erased.
 */
export const hashOf = (entry: LedgerEntry, salt: Buffer): Buffer =>
  createHash('sha256')
    .update(salt)
    .update(canonicalize(entry) ?? '')
    .digest();

function freshSalt(): Buffer {
  if (block.length < SALT_BYTES) block = randomFillSync(Buffer.allocUnsafe(BLOCK_BYTES));
  const salt = block.subarray(0, SALT_BYTES);
  block = block.subarray(SALT_BYTES);
  return salt;
}
