import { describe, expect, it } from '@jest/globals';
import { dataFolderFault } from './data-folder.mjs';
import { examine, type Finding, lineOf, type Machine } from './doctor.mjs';

const GIB = 2 ** 30;

const good: Machine = {
  output: (command) =>
    ({
      npm: '11.19.1',
      java: 'openjdk version "17.0.15" 2025-04-15',
      mvn: 'Apache Maven 3.8.7',
    })[command],
  freeBytes: () => 10 * GIB,
  memoryBytes: () => 8 * GIB,
  portIsFree: () => Promise.resolve(true),
  acceptsConnections: () => Promise.resolve(true),
  registryAnswers: () => Promise.resolve(true),
  announcedBrokers: (host, port) => Promise.resolve([{ host, port }]),
  databaseRefusal: () => Promise.resolve(undefined),
  dataFolderFault: () => undefined,
  nodeVersion: '24.21.0',
  java: 'java',
  isRoot: false,
  userNamespaces: () => true,
};

const without =
  (command: string, instead?: string) =>
  (asked: string): string | undefined =>
    asked === command ? instead : good.output(asked, []);

const finding = async (
  what: string,
  machine: Partial<Machine>,
  env: NodeJS.ProcessEnv = {},
): Promise<Finding | undefined> => (await examine(env, { ...good, ...machine })).find((found) => found.what === what);

describe('doctor', () => {
  it('finds nothing to mend on a machine that has everything', async () => {
    const findings = await examine({}, good);
    expect(findings.map(({ state }) => state)).toEqual(findings.map(() => 'ok'));
    expect(findings.map(({ what }) => what)).toEqual([
      'Node',
      'npm',
      'Java',
      'Maven',
      'disk',
      'memory',
      'user',
      'ports',
    ]);
  });

  it.each([
    ['Java', { output: without('java') }, 'not found', /install Java 17 or newer/],
    ['Java', { output: without('java', 'openjdk version "11.0.2"') }, '11.0.2 is too old', /install Java 17/],
    ['Maven', { output: without('mvn') }, 'not found', /apt-get install maven/],
    ['npm', { output: without('npm') }, 'not found', /install npm/],
    ['Node', { nodeVersion: '18.20.0' }, '18.20.0', /install Node 20\.19 or newer/],
    ['disk', { freeBytes: () => GIB }, '1.0 GiB free, 3 needed', /free some space/],
    ['memory', { memoryBytes: () => GIB }, '1.0 GiB free, 3 needed', /end other programs/],
  ])('says in one line what is missing and how to mend it: %s', async (what, machine, found, mend) => {
    const missing = await finding(what, machine);
    expect(missing).toMatchObject({ state: 'missing', found });
    expect(missing?.mend).toMatch(mend);
    expect(lineOf(missing as Finding)).not.toContain('\n');
  });

  it('names busy ports and their owners, and does not call them a fault', async () => {
    const busy = await finding('ports', { portIsFree: (port) => Promise.resolve(port !== 9092 && port !== 3004) });
    expect(busy).toMatchObject({ state: 'note', found: 'busy: 9092 (Kafka), 3004 (directory-listing)' });
  });

  it.each([
    ['KAFKA_PORT', '9092', 'Port 9092, asked for Kafka by KAFKA_PORT, is busy'],
    ['CONSENT_SERVICE_PORT', '3000', 'Port 3000, asked for consent-service by CONSENT_SERVICE_PORT, is busy'],
    ['KAFKA_PORT', 'abc', 'KAFKA_PORT is "abc", which is not a port'],
    ['KAFKA_PORT', '1e3', 'KAFKA_PORT is "1e3", which is not a port'],
    ['KAFKA_PORT', ' ', 'KAFKA_PORT is " ", which is not a port'],
  ])('calls it a fault when a port that was asked for cannot be had: %s=%s', async (variable, asked, found) => {
    const busy = { portIsFree: (port: number) => Promise.resolve(port !== Number(asked)) };
    expect(await finding('ports', busy, { [variable]: asked })).toMatchObject({ state: 'missing', found });
  });

  it('finds that one port was asked for twice', async () => {
    expect(await finding('ports', {}, { KAFKA_PORT: '9100', GROUP_SHARING_PORT: '9100' })).toMatchObject({
      state: 'missing',
      found: 'KAFKA_PORT and GROUP_SHARING_PORT both ask for port 9100',
    });
  });

  it.each([
    [{ DATABASE_URL: 'mysql://x' }, {}, 'DATABASE_URL is no PostgreSQL address'],
    [{ DATABASE_URL: 'postgres://u:%ZZ@nowhere/db' }, {}, 'DATABASE_URL is no PostgreSQL address'],
    [{ KAFKA_BROKERS: 'kafka:99999' }, {}, 'KAFKA_BROKERS holds "kafka:99999"'],
    [{ KAFKA_BROKERS: ',' }, {}, 'KAFKA_BROKERS holds ","'],
    [{ KAFKA_BROKERS: 'a:1,,b:2' }, {}, 'KAFKA_BROKERS holds "a:1,,b:2"'],
    [{ SCHEMA_REGISTRY_URL: 'http://my registry' }, {}, 'SCHEMA_REGISTRY_URL is "http://my registry"'],
    [
      { DATABASE_URL: 'postgres://u:secret@nowhere/db' },
      { acceptsConnections: () => Promise.resolve(false) },
      'PostgreSQL at DATABASE_URL (nowhere:5432) accepts no connection',
    ],
  ])('names a given server that cannot be used: %j', async (env, machine, found) => {
    expect(await finding('given servers', machine, env)).toMatchObject({ state: 'missing', found });
  });

  it.each(['/proc/x', '/etc/hostname/x'])('finds at once that data cannot be kept in %s', async (folder) => {
    expect(await finding('data folder', { dataFolderFault }, { CONSENT_DATA_DIR: folder })).toMatchObject({
      state: 'missing',
      mend: 'set CONSENT_DATA_DIR to a folder that you may write',
    });
  });

  it('takes spaces between brokers, as the services do', async () => {
    const env = { KAFKA_BROKERS: ' kafka-1:9092, kafka-2:9092 ' };
    expect(await finding('given servers', {}, env)).toMatchObject({ state: 'ok', found: 'answer' });
  });

  it('says that the login is not tried yet where the packages are not installed', async () => {
    const machine = { databaseRefusal: () => Promise.resolve('unknown' as const) };
    expect(await finding('given servers', machine, { DATABASE_URL: 'postgres://u@h/db' })).toMatchObject({
      state: 'ok',
      found: 'answer; the login is tried once the packages are installed',
    });
  });

  it('wants no comma in the path of the data where a broker of its own keeps some there', async () => {
    const env = { CONSENT_DATA_DIR: '/srv/consent, test' };
    expect(await finding('data folder', {}, env)).toMatchObject({
      state: 'missing',
      mend: 'set CONSENT_DATA_DIR to a folder without one',
    });
    expect(await finding('data folder', {}, { ...env, KAFKA_BROKERS: 'kafka:9092' })).toBeUndefined();
  });

  it('tells root how PostgreSQL will run', async () => {
    expect(await finding('user namespaces', { isRoot: true })).toMatchObject({ state: 'ok' });
    expect(await finding('user namespaces', { isRoot: true, userNamespaces: () => false })).toMatchObject({
      state: 'note',
    });
  });

  it('needs neither Java nor Maven when broker and registry are given', async () => {
    const given = { KAFKA_BROKERS: 'kafka:9092', SCHEMA_REGISTRY_URL: 'http://registry:8081' };
    const findings = await examine(given, {
      ...good,
      output: (command) => (command === 'npm' ? '11.19.1' : undefined),
    });
    expect(findings.filter(({ state }) => state === 'missing')).toEqual([]);
    expect(findings.map(({ what }) => what)).not.toContain('Java');
  });
});
