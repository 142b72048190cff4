import { describe, expect, it } from '@jest/globals';
import { compose, databaseOf, environmentOf, fileText, PORTS, SERVICES, SYSTEM_URLS, SYSTEMS } from './manifests.ts';

const { services, configs, volumes } = compose();
const THIRD_PARTY = ['postgres', 'kafka', 'registry'];

describe('docker-compose.yml', () => {
  it('has every service of apps/ with its migrate job, the servers, the deploy job, and nothing else', () => {
    const expected = [...SERVICES, ...SERVICES.map((service) => `${service}-migrate`), ...THIRD_PARTY, 'deploy'];
    expect(Object.keys(services).sort()).toEqual(expected.sort());
  });

  it.each(SERVICES)(
    'gives %s the environment of the contract, and starts it after its migrations and the topics',
    (name) => {
      const service = services[name];
      expect(Object.keys(service?.environment ?? {}).sort()).toEqual(environmentOf(name));
      expect(service?.environment).toMatchObject({
        PORT: PORTS[name],
        DATABASE_URL: urlOf(name, 'app'),
        HOST: '0.0.0.0',
      });
      expect(service?.ports).toEqual([`127.0.0.1:${PORTS[name]}:${PORTS[name]}`]);
      expect(service?.build).toEqual({ context: '.', args: expect.objectContaining({ APP: name }) });
      expect(service?.depends_on).toEqual({
        [`${name}-migrate`]: { condition: 'service_completed_successfully' },
        deploy: { condition: 'service_completed_successfully' },
      });
    },
  );

  it.each(SERVICES)('migrates %s as the owner of its database', (name) => {
    const job = services[`${name}-migrate`];
    expect(job?.command).toEqual(['node', 'dist/migrate.js']);
    expect(job?.environment).toEqual({
      MIGRATION_DATABASE_URL: urlOf(name, 'owner'),
      APP_ROLE: `${databaseOf(name)}_app`,
    });
  });

  it('creates the database of every service and of the registry', () => {
    const [, list = ''] = /for database in (.*); do/.exec(configs['create-databases']?.content ?? '') ?? [];
    expect(list.split(' ').sort()).toEqual([...SERVICES.map(databaseOf), 'registry'].sort());
  });

  it('pins the servers to the versions of the local stack', () => {
    const pom = fileText('tools/stack/java/pom.xml');
    const [, kafka] = /<artifactId>kafka_2\.13<\/artifactId>\s*<version>(.*?)<\/version>/.exec(pom) ?? [];
    const [, registry] = /apicurio-registry-app<\/artifactId>\s*<version>(.*?)<\/version>/.exec(pom) ?? [];
    expect(services['kafka']?.image).toBe(`apache/kafka:${kafka}`);
    expect(services['registry']?.image).toBe(`apicurio/apicurio-registry:${registry}`);
    expect(services['postgres']?.image).toBe('postgres:18');
  });

  it('names only services, configs and volumes that exist', () => {
    for (const service of Object.values(services)) {
      for (const needed of Object.keys(service.depends_on ?? {})) expect(services).toHaveProperty([needed]);
      for (const { source } of service.configs ?? []) expect(configs).toHaveProperty([source]);
      for (const volume of service.volumes ?? []) expect(volumes).toHaveProperty([volume.split(':')[0] ?? '']);
    }
  });

  it('waits only for services that can become healthy', () => {
    for (const service of Object.values(services))
      for (const [needed, { condition }] of Object.entries(service.depends_on ?? {}))
        if (condition === 'service_healthy') expect(services[needed]?.healthcheck).toHaveProperty('test');
  });

  it('holds no password and no token: each comes from the environment, and is asked for by name', () => {
    const text = fileText('docker-compose.yml');
    for (const [, value] of text.matchAll(/(?:PASSWORD|SHA256|CONSENT_TOKEN|tokenSha256"?): (.*)/g))
      expect(value).toMatch(/^"?\$\{/);
    for (const secret of [
      'DATABASE_PASSWORD',
      'OPS_TOKEN_SHA256',
      'CHANNEL_TOKEN_SHA256',
      'OPERATOR_TOKEN_SHA256',
      'MONITOR_TOKEN_SHA256',
      'MONITOR_TOKEN',
    ])
      expect(text).toContain(`\${${secret}:?`);
  });

  it('asks for a token at every system', () => {
    for (const system of SYSTEMS)
      expect(services[system]?.environment?.['OPS_TOKEN_SHA256']).toMatch(/^\$\{OPS_TOKEN_SHA256:\?/);
  });

  it('tells consent-service where every system answers', () => {
    const urls = services['consent-service']?.environment?.['SYSTEM_URLS'];
    expect(JSON.parse(String(urls))).toEqual(SYSTEM_URLS);
  });

  it('gives consent-service callers that are JSON once the hashes are filled in', () => {
    const content = (configs['callers']?.content ?? '').replaceAll(/\$\{[^}]*\}/g, 'ab'.repeat(32));
    expect(JSON.parse(content)).toEqual([
      { name: 'channel', tokenSha256: 'ab'.repeat(32), actor: 'self', may: ['record', 'read'] },
      { name: 'operator', tokenSha256: 'ab'.repeat(32), actor: 'agent', may: ['read', 'operate', 'assess'] },
      { name: 'propagation-monitor', tokenSha256: 'ab'.repeat(32), actor: 'system', may: ['read'] },
    ]);
  });
});

function urlOf(service: string, role: 'app' | 'owner'): string {
  const database = databaseOf(service);
  return `postgres://${database}_${role}:\${DATABASE_PASSWORD}@postgres:5432/${database}`;
}
