/*
 * kafkajs 2.2.4 makes every record in a zeroed buffer of its own, counts in BigInt what fits a number, and copies the
 * messages of a partition anew for each message of a request. What stands in for that in a bundle writes the same bytes.
 */

const SMALL = 'if (Number.isInteger(value) && value >= -0x40000000 && value < 0x40000000) return';

/** A piece of kafkajs's source, and what it becomes. */
const ENCODER: readonly (readonly [from: string, to: string])[] = [
  // Whatever is read of a buffer was written before.
  ['Buffer.alloc(', 'Buffer.allocUnsafe('],
  [
    'this.writeBufferInternal(Buffer.from(byteArray))',
    'this.ensureAvailable(byteArray.length); for (const byte of byteArray) this.buf[this.offset++] = byte',
  ],
  ['static sizeOfVarLong(value) {', `static sizeOfVarLong(value) { ${SMALL} this.sizeOfVarInt(value);`],
  ['writeVarLong(value) {', `writeVarLong(value) { ${SMALL} this.writeVarInt(value);`],
];

/** @param text of kafkajs's encoder @throws Error when it is another than that of 2.2.4 */
export const leanerEncoder = (text: string): string =>
  ENCODER.reduce((edited, [from, to]) => {
    if (!edited.includes(from)) throw new Error(`The encoder of kafkajs has no ${from} any more: look again`);
    return edited.replaceAll(from, to);
  }, text);

/** CommonJS, in place of kafkajs's own. */
export const GROUP_PER_PARTITION = `
module.exports = ({ topic, partitionMetadata, messages, partitioner }) => {
  const grouped = {};
  if (partitionMetadata.length === 0) return grouped;
  for (const message of messages) (grouped[partitioner({ topic, partitionMetadata, message })] ??= []).push(message);
  return grouped;
};`;
