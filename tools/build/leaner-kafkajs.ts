/*
 * kafkajs 2.2.4 makes every record in a zeroed buffer of its own, with one more for each header and each number, counts in
 * BigInt what fits a number, cuts out each record before it is read, and copies the messages of a partition anew for each
 * message of a request. What stands in for that in a bundle writes the same bytes and reads the same records.
 */

type Edit = readonly [from: string, to: string];

const SMALL = 'if (Number.isInteger(value) && value >= -0x40000000 && value < 0x40000000) return';

const ENCODER: readonly Edit[] = [
  // Whatever is read of a buffer was written before.
  ['Buffer.alloc(', 'Buffer.allocUnsafe('],
  [
    `    const byteArray = []
    while ((value & UNSIGNED_INT32_MAX_NUMBER) !== 0) {
      byteArray.push((value & OTHER_BITS) | MOST_SIGNIFICANT_BIT)
      value >>>= 7
    }
    byteArray.push(value & OTHER_BITS)
    this.writeBufferInternal(Buffer.from(byteArray))
    return this`,
    `    this.ensureAvailable(5)
    for (; (value & UNSIGNED_INT32_MAX_NUMBER) !== 0; value >>>= 7)
      this.buf[this.offset++] = (value & OTHER_BITS) | MOST_SIGNIFICANT_BIT
    this.buf[this.offset++] = value & OTHER_BITS
    return this`,
  ],
  ['static sizeOfVarLong(value) {', `static sizeOfVarLong(value) { ${SMALL} this.sizeOfVarInt(value);`],
  ['writeVarLong(value) {', `writeVarLong(value) { ${SMALL} this.writeVarInt(value);`],
  [
    `    value.forEach(v => {
      this.writeBufferInternal(v.buffer)
    })`,
    `    for (const { buf, offset } of value) {
      this.ensureAvailable(offset)
      buf.copy(this.buf, this.offset, 0, offset)
      this.offset += offset
    }`,
  ],
];

const RECORD_ENCODER: readonly Edit[] = [
  [
    `Object.keys(headers).flatMap(headerKey =>
    !Array.isArray(headers[headerKey])
      ? [{ key: headerKey, value: headers[headerKey] }]
      : headers[headerKey].map(headerValue => ({ key: headerKey, value: headerValue }))
  )`,
    `[]
  for (const key of Object.keys(headers)) {
    const value = headers[key]
    if (Array.isArray(value)) for (const each of value) headersArray.push({ key, value: each })
    else headersArray.push({ key, value })
  }`,
  ],
  ['new Encoder()', 'new Encoder(sizeOfBody + 5)'],
  [
    '.writeVarIntArray(headersArray.map(Header))',
    `.writeVarInt(headersArray.length)
    for (const header of headersArray) record.writeVarIntString(header.key).writeVarIntBytes(header.value)
    return record`,
  ],
  ['return new Encoder', 'const record = new Encoder'],
];

const RECORD_DECODER: readonly Edit[] = [
  [
    `  const timestampDelta = decoder.readVarLong()
  const timestamp =
    timestampType === TimestampTypes.LOG_APPEND_TIME && maxTimestamp
      ? maxTimestamp
      : Long.fromValue(firstTimestamp)
          .add(timestampDelta)
          .toString()`,
    `  const appended = timestampType === TimestampTypes.LOG_APPEND_TIME && maxTimestamp
  const timestamp = appended || Long.fromValue(firstTimestamp).add(decoder.readVarLong()).toString()
  if (appended) while (decoder.buffer[decoder.offset++] >= 0x80);`,
  ],
  [
    `Long.fromValue(firstOffset)
    .add(offsetDelta)
    .toString()`,
    'String(Number(firstOffset) + offsetDelta)',
  ],
  [
    `decoder.readVarIntArray(HeaderDecoder).reduce(
    (obj, { key, value }) => ({
      ...obj,
      [key]:
        obj[key] === undefined
          ? value
          : Array.isArray(obj[key])
          ? obj[key].concat([value])
          : [obj[key], value],
    }),
    {}
  )`,
    `{}
  for (let left = decoder.readVarInt(); left > 0; left--) {
    const name = decoder.readVarIntString()
    const value = decoder.readVarIntBytes()
    if (Object.hasOwn(headers, name)) headers[name] = [].concat(headers[name], [value])
    else if (name in headers) Object.defineProperty(headers, name, { value, configurable: true, enumerable: true, writable: true })
    else headers[name] = value
  }`,
  ],
];

const BATCH_DECODER: readonly Edit[] = [
  [
    `  const recordBuffer = decoder.readVarIntBytes()
  return RecordDecoder(new Decoder(recordBuffer), recordContext)`,
    `  const length = decoder.readVarInt()
  const end = decoder.offset + length
  const record = RecordDecoder(decoder, recordContext)
  decoder.offset = end
  return record`,
  ],
];

const BATCH: readonly Edit[] = [
  ['Long.fromValue(message.offset).gte(longFetchedOffset)', 'Number(message.offset) >= Number(this.fetchedOffset)'],
];

const GROUP_PER_PARTITION = `
module.exports = ({ topic, partitionMetadata, messages, partitioner }) => {
  const grouped = {};
  if (partitionMetadata.length === 0) return grouped;
  for (const message of messages) (grouped[partitioner({ topic, partitionMetadata, message })] ??= []).push(message);
  return grouped;
};`;

/** @throws Error when the text is another than that of 2.2.4 */
const edited =
  (edits: readonly Edit[]) =>
  (text: string): string =>
    edits.reduce((from, [what, by]) => {
      if (!from.includes(what)) throw new Error(`kafkajs has no ${what} any more: look again`);
      return from.replaceAll(what, by);
    }, text);

/** Modules of kafkajs, by path, and what makes their leaner text of the original. */
export const LEANER_KAFKAJS: ReadonlyMap<string, (text: string) => string> = new Map([
  ['protocol/encoder.js', edited(ENCODER)],
  ['protocol/recordBatch/record/v0/index.js', edited(RECORD_ENCODER)],
  ['protocol/recordBatch/record/v0/decoder.js', edited(RECORD_DECODER)],
  ['protocol/recordBatch/v0/decoder.js', edited(BATCH_DECODER)],
  ['consumer/batch.js', edited(BATCH)],
  ['producer/groupMessagesPerPartition.js', () => GROUP_PER_PARTITION],
]);
