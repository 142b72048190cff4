import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { compileFunction } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { GROUP_PER_PARTITION, leanerEncoder } from './leaner-kafkajs.ts';

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
type Group = (from: {
  topic: string;
  partitionMetadata: unknown[];
  messages: number[];
  partitioner: (of: { message: number }) => number;
}) => Record<number, number[]>;

const FOLDER = 'kafkajs/src/protocol/encoder.js';
const require = createRequire(import.meta.url);
const ENCODER = readFileSync(require.resolve(FOLDER), 'utf8');

/** What a CommonJS text exports, run where the file of kafkajs is. */
function exported(text: string): unknown {
  const module = { exports: undefined as unknown };
  const run = compileFunction(text, ['module', 'require']) as (to: typeof module, from: NodeJS.Require) => void;
  run(module, createRequire(require.resolve(FOLDER)));
  return module.exports;
}

describe('what stands in for kafkajs in a bundle', () => {
  const Original = require(FOLDER) as EncoderClass;
  const Leaner = exported(leanerEncoder(ENCODER)) as EncoderClass;
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
        const [original, leaner] = [new Original(), new Leaner()];
        for (const act of acts) for (const encoder of [original, leaner]) act(encoder);
        expect(leaner.buffer.equals(original.buffer)).toBe(true);
      }),
    );
  });

  it('measures numbers alike', () => {
    const near = fc.integer({ min: -3, max: 3 });
    const edge = fc.tuple(fc.constantFrom(-0x40000000, -64, 0, 64, 0x40000000), near).map(([a, b]) => a + b);
    fc.assert(
      fc.property(fc.oneof(fc.maxSafeInteger(), edge), (value) => {
        expect(Leaner.sizeOfVarLong(value)).toBe(Original.sizeOfVarLong(value));
      }),
    );
  });

  it('groups messages by partition alike, in their order', () => {
    const original = require('kafkajs/src/producer/groupMessagesPerPartition.js') as Group;
    const leaner = exported(GROUP_PER_PARTITION) as Group;
    fc.assert(
      fc.property(fc.array(fc.nat(99)), fc.integer({ min: 0, max: 5 }), (messages, partitions) => {
        const partitionMetadata = Array.from({ length: partitions }, () => ({}));
        const partitioner = ({ message }: { message: number }) => message % partitions;
        const from = { topic: 't', partitionMetadata, messages, partitioner };
        expect(leaner(from)).toEqual(original(from));
      }),
    );
  });

  it('is looked at again when kafkajs changes', () => {
    expect(() => leanerEncoder(ENCODER.replaceAll('Buffer.alloc(', 'Buffer.from('))).toThrow(/look again/);
  });
});
