import { randomBytes } from './random-bytes.js';

/**
 * A UUID of version 7 (RFC 9562): its first 48 bits are the time, so that the ledger's index on decision ids grows at
 * one end. The rest is random.
 * @param now epoch milliseconds
 */
export function mintId(now: number): string {
  const bytes = randomBytes(16);
  bytes.writeUIntBE(now, 0, 6);
  bytes[6] = 0x70 | ((bytes[6] ?? 0) & 0x0f);
  bytes[8] = 0x80 | ((bytes[8] ?? 0) & 0x3f);
  const hex = bytes.toString('hex');
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}
