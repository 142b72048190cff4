import { PARTITIONS } from '@consent/events';

const SEED = 0x9747b28c;
const M = 0x5bd1e995;

/** The partition that Kafka's default partitioner chooses for a key: murmur2 over its UTF-8 bytes, made positive. */
export const partitionOf = (key: string | Buffer, partitions = PARTITIONS): number =>
  (murmur2(typeof key === 'string' ? Buffer.from(key) : key) & 0x7fffffff) % partitions;

/** 32-bit murmur2 as in Kafka's Java client (org.apache.kafka.common.utils.Utils). */
function murmur2(data: Buffer): number {
  const length = data.length;
  const whole = length & ~3;
  let h = SEED ^ length;
  for (let i = 0; i < whole; i += 4) {
    let k = Math.imul(data.readInt32LE(i), M);
    k = Math.imul(k ^ (k >>> 24), M);
    h = Math.imul(h, M) ^ k;
  }
  const rest = length & 3;
  if (rest === 3) h ^= data.readUInt8(whole + 2) << 16;
  if (rest >= 2) h ^= data.readUInt8(whole + 1) << 8;
  if (rest >= 1) h = Math.imul(h ^ data.readUInt8(whole), M);
  h = Math.imul(h ^ (h >>> 13), M);
  return h ^ (h >>> 15);
}
