import { createServer } from 'node:net';
import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { required } from '@consent/testing';
import pg from 'pg';
import { examine } from './doctor.mjs';
import { thisMachine } from './this-machine.mjs';

const ADMIN = required('TEST_DATABASE_URL');
const NOBODY = '127.0.0.1:1';

describe('npm run doctor, with servers given', () => {
  const role = `plain_${randomUUID().slice(0, 8)}`;
  const admin = new pg.Client({ connectionString: ADMIN });
  /** Takes every connection and never answers. */
  const mute = createServer();
  let muteAddress: string;
  const changed = (change: (url: URL) => void): string => {
    const url = new URL(ADMIN);
    change(url);
    return url.href;
  };
  // What else is installed takes a while to ask, and is not what is looked at.
  const machine = { ...thisMachine, output: () => undefined };
  const faults = async (env: Record<string, string>): Promise<string[]> =>
    (await examine(env, machine))
      .filter(({ what, state }) => what === 'given servers' && state !== 'ok')
      .map(({ found }) => found);

  beforeAll(async () => {
    await admin.connect();
    await admin.query(`CREATE ROLE ${role} LOGIN PASSWORD 'plain'`);
    await new Promise<void>((resolve) => mute.listen(0, '127.0.0.1', resolve));
    muteAddress = `127.0.0.1:${(mute.address() as { port: number }).port}`;
  });
  afterAll(async () => {
    await admin.query(`DROP ROLE ${role}`);
    await admin.end();
    mute.close();
  });

  it('finds nothing to say of servers that a start can use', async () => {
    const { KAFKA_BROKERS, SCHEMA_REGISTRY_URL } = process.env;
    const given = {
      DATABASE_URL: ADMIN,
      KAFKA_BROKERS: KAFKA_BROKERS ?? '',
      SCHEMA_REGISTRY_URL: SCHEMA_REGISTRY_URL ?? '',
    };
    expect(await faults(given)).toEqual([]);
  });

  it.each([
    [
      'a wrong password',
      () => changed((url) => (url.password = 'wrong')),
      /^DATABASE_URL: .*password authentication failed/,
    ],
    [
      'a database that is not there',
      () => changed((url) => (url.pathname = '/none')),
      /^DATABASE_URL: .*"none" does not exist/,
    ],
    ['a role that is not there', () => changed((url) => (url.username = 'none')), /^DATABASE_URL: .*"none"/],
    [
      'a role without rights',
      () => changed((url) => Object.assign(url, { username: role, password: 'plain' })),
      new RegExp(`^DATABASE_URL: role ${role} may not create roles and databases$`),
    ],
    ['a server that never answers', () => changed((url) => (url.host = muteAddress)), /^DATABASE_URL: .*timeout/],
  ])(
    'names DATABASE_URL with %s, within seconds',
    async (_, url, found) => {
      expect(await faults({ DATABASE_URL: url() })).toEqual([expect.stringMatching(found)]);
    },
    15_000,
  );

  it('names brokers and registry that nobody reaches, and what is neither, at once', async () => {
    const registry = new URL(required('SCHEMA_REGISTRY_URL'));
    expect(await faults({ KAFKA_BROKERS: NOBODY, SCHEMA_REGISTRY_URL: `http://${NOBODY}` })).toEqual([
      `No broker of KAFKA_BROKERS=${NOBODY} accepts a connection`,
      `No schema registry answers at SCHEMA_REGISTRY_URL=http://${NOBODY}`,
    ]);
    expect(await faults({ KAFKA_BROKERS: registry.host })).toEqual([
      `What listens at KAFKA_BROKERS=${registry.host} is no Kafka broker`,
    ]);
    expect(await faults({ KAFKA_BROKERS: muteAddress, SCHEMA_REGISTRY_URL: `http://${muteAddress}` })).toHaveLength(2);
  }, 15_000);
});
