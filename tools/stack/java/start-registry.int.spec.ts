import { createServer } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { required } from '@consent/testing';
import { registryAnswers } from '../../bootstrap/network.mjs';
import { asAdministrator, ensureDatabase } from '../postgres/ensure-database.ts';
import { type SpecInstance, specInstance } from '../spec-instance.ts';
import { takenFirst } from '../spec-taken-port.ts';
import { ensureJars } from './jars.ts';
import { startRegistry } from './start-registry.ts';

const ADMIN = required('TEST_DATABASE_URL');
const NAME = `spec_registry_${process.pid}`;

jest.setTimeout(120_000);

describe('The local schema registry', () => {
  let instance: SpecInstance;

  beforeEach(async () => {
    instance = specInstance();
    await ensureJars(instance.jars);
    await asAdministrator(ADMIN, (client) =>
      ensureDatabase(client, { name: NAME, owner: { role: NAME, password: 'spec' } }),
    );
  });
  afterEach(async () => {
    await instance.remove();
    await asAdministrator(ADMIN, async (client) => {
      await client.query(`DROP DATABASE ${NAME}`);
      await client.query(`DROP ROLE ${NAME}`);
    });
  });

  it('is not ready because that of another start answers on its port, but when its own answers on another one', async () => {
    const other = createServer((_, response) => response.end('[]'));
    const notes: string[] = [];
    const { hostname: host, port: databasePort } = new URL(ADMIN);
    const { url, process: registry } = await startRegistry(
      instance,
      { host, port: databasePort, name: NAME, user: NAME, password: 'spec' },
      { note: (text) => notes.push(text), choose: takenFirst(other) },
    );
    const lost = (other.address() as AddressInfo).port;
    other.close();
    const { port } = new URL(url);
    expect(notes).toEqual([`Port ${lost} is busy: the schema registry uses ${port} (choose one with REGISTRY_PORT)`]);
    expect(registry.running()).toBe(true);
    expect(await registryAnswers(url)).toBe(true);
  });
});
