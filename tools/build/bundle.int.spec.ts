import { cpSync, mkdtempSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { testDatabase } from '@consent/testing';
import { execa } from 'execa';
import { ROOT } from '../stack/instance.ts';
import { SERVICES } from '../stack/services/service-table.ts';
import { compileCacheOf, LONG_RUNNING, nodeFlagsOf } from './node-flags.ts';

describe.each(SERVICES.map(({ name }) => name))('the bundle of %s', (name) => {
  const dist = path.join(ROOT, 'apps', name, 'dist');
  let elsewhere: string;

  beforeAll(() => {
    elsewhere = mkdtempSync(path.join(realpathSync(os.tmpdir()), 'bundle-'));
    cpSync(path.join(dist, '../package.json'), path.join(elsewhere, 'apps', name, 'package.json'));
    for (const folder of [`apps/${name}/dist`, `apps/${name}/migrations`, 'libs/decision-consumer/migrations'])
      cpSync(path.join(ROOT, folder), path.join(elsewhere, folder), { recursive: true });
  });
  afterAll(() => rmSync(elsewhere, { recursive: true, force: true }));

  const flagsOf = (entry: string): string[] => [
    ...nodeFlagsOf(name),
    ...(entry.endsWith('main.js') ? [LONG_RUNNING] : []),
  ];
  const load = (entry: string, env: Record<string, string> = {}) =>
    execa(process.execPath, [...flagsOf(entry), entry], { env, extendEnv: false, reject: false, all: true });

  it('loads without node_modules, up to the configuration that it lacks', async () => {
    const { all, exitCode } = await load(path.join(elsewhere, 'apps', name, 'dist/main.js'));
    expect(all).toMatch(/^The configuration is wrong:/);
    expect(exitCode).toBe(78);
  });

  it('names our own lines in a stack trace', async () => {
    const withoutMigrations = path.join(elsewhere, 'bare', 'apps', name);
    cpSync(path.join(elsewhere, 'apps', name, 'dist'), path.join(withoutMigrations, 'dist'), { recursive: true });
    cpSync(path.join(dist, '../package.json'), path.join(withoutMigrations, 'package.json'));
    const { all } = await load(path.join(withoutMigrations, 'dist/migrate.js'), {
      MIGRATION_DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none',
      APP_ROLE: 'nobody',
      LOG_LEVEL: 'debug',
    });
    expect(all).toMatch(/\/libs\/postgres\/src\/migrate\.ts:\d+:\d+/);
    expect(all).toContain(`/apps/${name}/src/migrate.ts:`);
  });

  it('prepares its database without node_modules', async () => {
    const database = await testDatabase({ migrations: [] });
    try {
      const { all } = await load(path.join(elsewhere, 'apps', name, 'dist/migrate.js'), {
        MIGRATION_DATABASE_URL: database.ownerUrl,
        APP_ROLE: `${database.name}_app`,
      });
      expect(all).toMatch(/^Migrated: .*-0001-/);
    } finally {
      await database.drop();
    }
  });

  it('says in one line why it could not prepare its database', async () => {
    const { stdout, stderr, exitCode } = await load(path.join(elsewhere, 'apps', name, 'dist/migrate.js'), {
      MIGRATION_DATABASE_URL: 'postgres://nobody:secret@127.0.0.1:1/none',
      APP_ROLE: 'nobody',
    });
    expect(`${stdout}${stderr}`).toBe('Could not migrate 127.0.0.1:1/none: connect ECONNREFUSED 127.0.0.1:1');
    expect(exitCode).toBe(1);
  });

  it('comes with compiled code that the flags of a start accept', async () => {
    const env = { NODE_COMPILE_CACHE: compileCacheOf(dist), NODE_DEBUG_NATIVE: 'COMPILE_CACHE' };
    for (const entry of ['main.js', 'migrate.js']) {
      const { all } = await load(path.join(dist, entry), env);
      expect(all).toMatch(new RegExp(`code cache for ESM file://.*/${name}/dist/${entry} was accepted`));
    }
  });

  it('is ASCII, so that V8 holds it in one byte a character', () => {
    for (const entry of ['main.js', 'migrate.js'])
      expect(/[^\0-\x7f]/.exec(readFileSync(path.join(dist, entry), 'utf8'))?.[0]).toBeUndefined();
  });
});
