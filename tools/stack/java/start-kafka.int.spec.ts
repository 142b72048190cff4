import { type AddressInfo, createServer } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { clusterIdAt } from '../../bootstrap/network.mjs';
import { type SpecInstance, specInstance } from '../spec-instance.ts';
import { takenFirst } from '../spec-taken-port.ts';
import { ensureJars } from './jars.ts';
import { startKafka } from './start-kafka.ts';

jest.setTimeout(120_000);

describe('The local Kafka', () => {
  let instance: SpecInstance;

  beforeEach(async () => {
    instance = specInstance();
    await ensureJars(instance.jars);
  });
  afterEach(() => instance.remove());

  it('is not ready because another program takes connections on its port, but when its own broker answers on another one', async () => {
    const other = createServer((socket) => socket.once('error', () => {}));
    const notes: string[] = [];
    const { brokers, process: broker } = await startKafka(instance, {
      note: (text) => notes.push(text),
      choose: takenFirst(other),
    });
    const lost = (other.address() as AddressInfo).port;
    other.close();
    const port = Number(new URL(`kafka://${brokers}`).port);
    expect(notes).toContain(`Port ${lost} is busy: Kafka uses ${port} (choose one with KAFKA_PORT)`);
    expect(broker.running()).toBe(true);
    expect(await clusterIdAt('127.0.0.1', port)).toMatch(/^[\w-]{22}$/);
  });
});
