import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import { compileFunction } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { LEANER_KAFKAJS } from './leaner-kafkajs.ts';

interface Encoder {
  buffer: Buffer;
  writeVarInt(value: number): Encoder;
  writeVarLong(value: number): Encoder;
  writeVarIntBytes(value: Buffer): Encoder;
  writeString(value: string): Encoder;
}
interface EncoderClass {
  new (): Encoder;
  sizeOfVarLong(value: number): number;
}
type Headers = Record<string, Buffer | string | (Buffer | string)[]>;
interface Message {
  key: Buffer | null;
  value: Buffer | null;
  headers: Headers;
  offsetDelta: number;
  timestampDelta: number;
}
interface Kafkajs {
  Encoder: EncoderClass;
  encodeRecord: (message: Message) => Encoder;
  RecordBatch: (batch: object) => Promise<Encoder>;
  decodeBatch: (decoder: unknown) => Promise<{ records: unknown[] }>;
  Decoder: new (buffer: Buffer) => { slice(size: number): unknown };
  Batch: new (topic: string, offset: string, data: object) => { messages: unknown[] };
  group: (from: {
    topic: string;
    partitionMetadata: unknown[];
    messages: number[];
    partitioner: (of: { message: number }) => number;
  }) => Record<number, number[]>;
}

const FOLDER = path.join(path.dirname(createRequire(import.meta.url).resolve('kafkajs/package.json')), 'src');

/** kafkajs's own modules, loaded anew: as they are, or with the leaner ones in place. */
function kafkajs(leaner: boolean): Kafkajs {
  const loaded = new Map<string, { exports: unknown }>();
  const load = (file: string): unknown => {
    const known = loaded.get(file);
    if (known) return known.exports;
    const module = { exports: {} as unknown };
    loaded.set(file, module);
    const text = readFileSync(file, 'utf8');
    const edit = leaner ? LEANER_KAFKAJS.get(path.relative(FOLDER, file)) : undefined;
    const own = createRequire(file);
    const require = (name: string): unknown =>
      name.startsWith('.') && !name.endsWith('.json') ? load(own.resolve(name)) : own(name);
    const run = compileFunction(edit ? edit(text) : text, ['module', 'exports', 'require']) as (
      ...own: unknown[]
    ) => void;
    run(module, module.exports, require);
    return module.exports;
  };
  const from = (file: string): unknown => load(path.join(FOLDER, file));
  return {
    Encoder: from('protocol/encoder.js') as Kafkajs['Encoder'],
    encodeRecord: from('protocol/recordBatch/record/v0/index.js') as Kafkajs['encodeRecord'],
    RecordBatch: (from('protocol/recordBatch/v0/index.js') as Pick<Kafkajs, 'RecordBatch'>).RecordBatch,
    decodeBatch: from('protocol/recordBatch/v0/decoder.js') as Kafkajs['decodeBatch'],
    Decoder: from('protocol/decoder.js') as Kafkajs['Decoder'],
    Batch: from('consumer/batch.js') as Kafkajs['Batch'],
    group: from('producer/groupMessagesPerPartition.js') as Kafkajs['group'],
  };
}

const bytes = fc.uint8Array({ maxLength: 900 }).map((value) => Buffer.from(value));
const message: fc.Arbitrary<Message> = fc.record({
  key: fc.option(bytes),
  value: fc.option(bytes),
  headers: fc.dictionary(
    // kafkajs itself takes what every object has for an earlier header of the name.
    fc.oneof(fc.constantFrom('traceparent', 'lane'), fc.string({ maxLength: 8 })).filter((name) => !(name in {})),
    fc.oneof(fc.string(), bytes, fc.array(fc.oneof(fc.string(), bytes), { maxLength: 3 })),
    { maxKeys: 4, noNullPrototype: true },
  ),
  offsetDelta: fc.nat(100_000),
  timestampDelta: fc.oneof(fc.nat(1_000), fc.maxSafeInteger()),
});

describe('what stands in for kafkajs in a bundle', () => {
  const original = kafkajs(false);
  const leaner = kafkajs(true);
  const written = fc.oneof(
    fc.integer().map((value) => (to: Encoder) => to.writeVarInt(value)),
    fc.maxSafeInteger().map((value) => (to: Encoder) => to.writeVarLong(value)),
    fc.integer({ min: -0x40000001, max: 0x40000001 }).map((value) => (to: Encoder) => to.writeVarLong(value)),
    fc.uint8Array({ maxLength: 3_000 }).map((value) => (to: Encoder) => to.writeVarIntBytes(Buffer.from(value))),
    fc.string().map((value) => (to: Encoder) => to.writeString(value)),
  );

  it('writes the same bytes', () => {
    fc.assert(
      fc.property(fc.array(written, { maxLength: 20 }), (acts) => {
        const [one, other] = [new original.Encoder(), new leaner.Encoder()];
        for (const act of acts) for (const encoder of [one, other]) act(encoder);
        expect(other.buffer.equals(one.buffer)).toBe(true);
      }),
    );
  });

  it('measures numbers alike', () => {
    const near = fc.integer({ min: -3, max: 3 });
    const edge = fc.tuple(fc.constantFrom(-0x40000000, -64, 0, 64, 0x40000000), near).map(([a, b]) => a + b);
    fc.assert(
      fc.property(fc.oneof(fc.maxSafeInteger(), edge), (value) => {
        expect(leaner.Encoder.sizeOfVarLong(value)).toBe(original.Encoder.sizeOfVarLong(value));
      }),
    );
  });

  /** Bit 3 of a batch's attributes: the broker's clock. */
  const LOG_APPEND_TIME = 8;

  it('writes batches of the same bytes, and reads the same records from them', async () => {
    const from = fc.record({
      messages: fc.array(message, { maxLength: 12 }),
      firstOffset: fc.oneof(fc.nat(50), fc.constant(2 ** 40)),
      fetchedOffset: fc.nat(60),
      byBroker: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(from, async ({ messages, firstOffset, fetchedOffset, byBroker }) => {
        const [one, other] = await Promise.all(
          [original, leaner].map(async ({ encodeRecord, RecordBatch }) => {
            const { buffer } = await RecordBatch({
              records: messages.map((each) => encodeRecord(each)),
              firstTimestamp: 1_790_000_000_000,
              maxTimestamp: 1_790_000_000_500,
            });
            buffer.writeBigInt64BE(BigInt(firstOffset), 0);
            buffer.writeInt16BE(byBroker ? LOG_APPEND_TIME : 0, 21);
            return buffer;
          }),
        );
        expect(other?.equals(one ?? Buffer.of())).toBe(true);
        const [read, readLeaner] = await Promise.all(
          [original, leaner].map(async ({ decodeBatch, Decoder, Batch }) => {
            const { records } = await decodeBatch(new Decoder(Buffer.from(one ?? [])));
            const data = { partition: 0, highWatermark: '9', abortedTransactions: [], messages: records };
            return { records, kept: new Batch('t', String(fetchedOffset), data).messages };
          }),
        );
        expect(readLeaner).toEqual(read);
      }),
      { numRuns: 200 },
    );
  });

  it('groups messages by partition alike, in their order', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(99)), fc.integer({ min: 0, max: 5 }), (messages, partitions) => {
        const partitionMetadata = Array.from({ length: partitions }, () => ({}));
        const partitioner = ({ message }: { message: number }) => message % partitions;
        const from = { topic: 't', partitionMetadata, messages, partitioner };
        expect(leaner.group(from)).toEqual(original.group(from));
      }),
    );
  });

  it('is looked at again when kafkajs changes', () => {
    const encoder = readFileSync(path.join(FOLDER, 'protocol/encoder.js'), 'utf8');
    const edit = LEANER_KAFKAJS.get('protocol/encoder.js');
    expect(() => edit?.(encoder.replaceAll('Buffer.alloc(', 'Buffer.from('))).toThrow(/look again/);
  });
});
