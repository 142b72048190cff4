import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = path.resolve(import.meta.dirname, '../..');

/** Projects without the scope of their names; all of them when no files are given. */
function projects(...files: string[]): string[] {
  const run = spawnSync(
    process.execPath,
    [
      ...['node_modules/nx/dist/bin/nx.js', 'show', 'projects', '--json'],
      ...(files.length > 0 ? ['--affected', `--files=${files.join(',')}`] : []),
    ],
    { cwd: root, encoding: 'utf8', env: { ...process.env, NX_DAEMON: 'false', NODE_OPTIONS: '' } },
  );
  if (run.status !== 0) throw new Error(`nx failed: ${run.stderr}`);
  return (JSON.parse(run.stdout) as string[]).map((name) => name.replace('@consent/', '')).sort();
}

describe('nx affected', () => {
  it('takes a schema for part of the events, and so of all that stand on them', () => {
    expect(projects('schemas/ConsentDecision.avsc')).toEqual(
      expect.arrayContaining(['events', 'kafka', 'consent-rules', 'consent-service', 'directory-listing', 'tools']),
    );
  });

  it('takes the catalogue for part of its rules, and so of the services and tools that read it', () => {
    const affected = projects('catalogue/systems.yaml');
    expect(affected).toEqual(expect.arrayContaining(['consent-rules', 'consent-service', 'consentctl', 'tools']));
    expect(affected).not.toContain('postgres');
  });

  it.each(['jest.preset.mjs', 'tsconfig.base.json', 'package-lock.json'])(
    'asks every project when %s changes',
    (file) => {
      expect(projects(file)).toEqual(projects());
    },
  );
});
