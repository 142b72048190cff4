import { randomFillSync } from 'node:crypto';

const BLOCK_BYTES = 8_192;
let block = Buffer.alloc(0);

/** Random bytes, cut from blocks: one call to the system's generator for hundreds of ids and salts. */
export function randomBytes(count: number): Buffer {
  if (block.length < count) block = randomFillSync(Buffer.allocUnsafeSlow(BLOCK_BYTES));
  const bytes = block.subarray(0, count);
  block = block.subarray(count);
  return bytes;
}
