import { randomBytes, randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { partitionOf } from './partition-of.js';

const choose = kafkajs.Partitioners.DefaultPartitioner();
const theirs = (key: string | Buffer, partitions: number): number =>
  choose({
    topic: 't',
    partitionMetadata: Array.from({ length: partitions }, (_, partitionId) => ({
      partitionErrorCode: 0,
      partitionId,
      leader: 1,
      replicas: [],
      isr: [],
    })),
    message: { key, value: null },
  });

describe('partitionOf', () => {
  it('chooses as the default partitioner does, for subject ids', () => {
    const keys = Array.from({ length: 500 }, () => randomUUID());
    expect(keys.map((key) => partitionOf(key))).toEqual(keys.map((key) => theirs(key, 12)));
    expect(new Set(keys.map((key) => partitionOf(key))).size).toBe(12);
  });

  it('does so for bytes of every length and other numbers of partitions', () => {
    for (let length = 0; length <= 70; length++) {
      const key = randomBytes(length);
      expect(partitionOf(key, 7)).toBe(theirs(key, 7));
    }
    expect(partitionOf('Ünïcödé ☎', 5)).toBe(theirs('Ünïcödé ☎', 5));
  });

  it('has the values of Kafka’s Java client', () => {
    // From Kafka's UtilsTest: murmur2("21") = -973932308, murmur2("foobar") = -790332482, murmur2("lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8") = -58897971.
    const whole = 0x7fffffff;
    expect(partitionOf('21', whole)).toBe((-973932308 & whole) % whole);
    expect(partitionOf('foobar', whole)).toBe((-790332482 & whole) % whole);
    expect(partitionOf('lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', whole)).toBe((-58897971 & whole) % whole);
  });
});
