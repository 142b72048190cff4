import { describe, expect, it } from '@jest/globals';
import kafkajs, { type Kafka, type ProducerBatch } from 'kafkajs';
import { createProducer } from './producer.js';
import { type OutgoingRecord } from './send-queue.js';

const protocolError = (code: number): Error =>
  Object.assign(new kafkajs.KafkaJSProtocolError('from the broker'), { code, retriable: false });
const record = (value: string, partition = 0): OutgoingRecord => ({
  topic: 't',
  key: 'k',
  value: Buffer.from(value),
  partition,
});

/** A producer over fakes: each connection answers its sends by the script of its number; no script, no error. */
function scripted(...scripts: (Error | undefined)[][]) {
  const sent: { connection: number; values: string[] }[] = [];
  const disconnected: number[] = [];
  let connections = 0;
  let inFlight = 0;
  let mostInFlight = 0;
  const producer = createProducer({} as Kafka, {
    connect: async () => {
      const connection = connections++;
      return {
        sendBatch: async ({ topicMessages }: ProducerBatch) => {
          mostInFlight = Math.max(mostInFlight, ++inFlight);
          await new Promise((resolve) => setImmediate(resolve));
          inFlight--;
          const values = (topicMessages ?? []).flatMap(({ messages }) => messages.map(({ value }) => String(value)));
          sent.push({ connection, values: values.map((value) => value.slice(0, 20)) });
          const error = scripts[connection]?.shift();
          if (error) throw error;
          return [];
        },
        disconnect: async () => void disconnected.push(connection),
      };
    },
  });
  return { producer, sent, disconnected, mostInFlight: () => mostInFlight };
}

describe('createProducer', () => {
  it.each([45, 46, 47, 49, 59])('sends again through a new producer after error %i', async (code) => {
    const { producer, sent, disconnected } = scripted([protocolError(code)]);
    await producer.send([record('a')]);
    expect(sent).toEqual([
      { connection: 0, values: ['a'] },
      { connection: 1, values: ['a'] },
    ]);
    expect(producer.rebuilds).toBe(1);
    expect(disconnected).toEqual([0]);
  });

  it('finds the code in the cause, where kafkajs puts it', async () => {
    const { producer } = scripted([Object.assign(new Error('gave up'), { cause: protocolError(59) })]);
    await producer.send([record('a')]);
    expect(producer.rebuilds).toBe(1);
  });

  it('gives up on a producer that no rebuild mends', async () => {
    const { producer } = scripted([protocolError(45)], [protocolError(45)], [protocolError(45)]);
    await expect(producer.send([record('a')])).rejects.toMatchObject({ code: 'NOT_CONFIRMED', retriable: true });
  });

  it('never reuses a producer after any failure, since its sequence numbers may belong to records that arrived', async () => {
    const { producer, sent } = scripted([new Error('timed out')]);
    await expect(producer.send([record('a')])).rejects.toMatchObject({ code: 'NOT_CONFIRMED' });
    await producer.send([record('b')]);
    expect(sent.map(({ connection }) => connection)).toEqual([0, 1]);
  });

  it('keeps one request in flight; calls made meanwhile share the next one, in order', async () => {
    const { producer, sent, mostInFlight } = scripted();
    const first = producer.send([record('a')]);
    await new Promise((resolve) => queueMicrotask(() => queueMicrotask(() => resolve(undefined))));
    await Promise.all([first, producer.send([record('b'), record('c')]), producer.send([record('d')])]);
    expect(sent.flatMap(({ values }) => values)).toEqual(['a', 'b', 'c', 'd']);
    expect(sent.length).toBeLessThanOrEqual(2);
    expect(mostInFlight()).toBe(1);
  });

  it('takes the next call at the very moment that it has answered the last one', async () => {
    const { producer, sent } = scripted();
    for (const value of ['a', 'b', 'c', 'd']) await producer.send([record(value)]);
    expect(sent.map(({ values }) => values)).toEqual([['a'], ['b'], ['c'], ['d']]);
  });

  it('cuts what is too much for one request', async () => {
    const { producer, sent } = scripted();
    const large = 'x'.repeat(400_000);
    await producer.send([record(large), record(large), record(large)]);
    expect(sent.map(({ values }) => values.length)).toEqual([2, 1]);
  });

  it('fails a call as a whole when one of its requests fails, and goes on with the next call', async () => {
    const { producer, sent } = scripted([new Error('lost')]);
    const large = 'x'.repeat(800_000);
    const outcomes = await Promise.allSettled([
      producer.send([record(large), record(large)]),
      producer.send([record('later')]),
    ]);
    expect(outcomes.map(({ status }) => status)).toEqual(['rejected', 'fulfilled']);
    expect(sent.flatMap(({ values }) => values).filter((value) => value === 'later')).toHaveLength(1);
    expect(sent.at(-1)?.values).toEqual(['later']);
  });

  it('refuses a record that no broker takes, by itself', async () => {
    const { producer, sent } = scripted();
    const tooLarge = producer.send([record('x'.repeat(1_100_000))]);
    await expect(tooLarge).rejects.toMatchObject({ code: 'RECORD_TOO_LARGE', retriable: false });
    await producer.send([record('a')]);
    expect(sent).toEqual([{ connection: 0, values: ['a'] }]);
  });

  it('finishes what it was given when closed, and takes nothing afterwards', async () => {
    const { producer, sent, disconnected } = scripted();
    const sending = producer.send([record('a')]);
    await producer.close();
    await sending;
    expect(sent).toHaveLength(1);
    expect(disconnected).toEqual([0]);
    await expect(producer.send([record('b')])).rejects.toMatchObject({ code: 'CLOSED' });
  });
});
