import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { handlerFaults } from './handler-faults.ts';
import { readCatalogue, readFiles } from './read-catalogue.ts';

const ROOT = path.join(import.meta.dirname, '../..');
const CATALOGUE = path.join(ROOT, 'catalogue');
const APPS = path.join(ROOT, 'apps');
const PURPOSE = 'customer-newsletter';

const TOOLS = JSON.parse(readFileSync(path.join(ROOT, 'tools/package.json'), 'utf8')) as {
  scripts: { build: string };
  nx: { targets: { build: { inputs: string[] } } };
};

describe('the catalogue and the systems', () => {
  let dir: string;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'catalogue-'));
    cpSync(CATALOGUE, dir, { recursive: true });
  });
  afterEach(() => rmSync(dir, { recursive: true, force: true }));

  /** The newsletter concerns these systems; those of the catalogue: marketing-segmentation. */
  const concerning = (...systems: string[]): void => {
    const file = path.join(dir, 'purposes/07-marketing.yaml');
    const text = readFileSync(file, 'utf8');
    const start = text.indexOf(`- id: ${PURPOSE}\n`);
    const entry = text.slice(start).replace(/ {2}systems:.*(\n {4}- .*)*/, `  systems: [${systems.join(', ')}]`);
    writeFileSync(file, text.slice(0, start) + entry);
  };
  /** The step of the build, as Nx runs it. */
  const buildWith = (folder: string) =>
    spawnSync('sh', ['-c', `${TOOLS.scripts.build} "${folder}"`], {
      cwd: path.join(ROOT, 'tools'),
      encoding: 'utf8',
      // As npm has it: the workspace's own Node.js first.
      env: { ...process.env, NODE_OPTIONS: '', PATH: [path.dirname(process.execPath), process.env['PATH']].join(':') },
    });

  it('fit: each system has a rule for every purpose that concerns it, and for no other', () => {
    expect(handlerFaults(readCatalogue(CATALOGUE), APPS)).toEqual([]);
  });

  it('are looked for in no folder without a catalogue.yaml, such as that of the checkout, of which nothing is read', () => {
    cpSync(CATALOGUE, path.join(dir, 'inner'), { recursive: true });
    rmSync(path.join(dir, 'catalogue.yaml'));
    expect(readFiles(dir)).toEqual([]);
    const { status, stderr } = buildWith(dir);
    expect([status, stderr]).toEqual([1, expect.stringContaining('catalogue.yaml: missing')]);
  });

  it('that do not fit stop the build, with file, purpose and system', () => {
    concerning('marketing-segmentation', 'directory-listing');
    const { status, stderr } = buildWith(dir);
    expect(status).toBe(1);
    expect(stderr).toContain(
      `purposes/07-marketing.yaml: ${PURPOSE}: systems: found directory-listing, which has no rule for it`,
    );
  });

  it('are not read from a folder that is not there, which is said in one line', () => {
    const { status, stderr } = buildWith(path.join(dir, 'nowhere'));
    expect(status).toBe(1);
    expect(stderr).toBe(`${dir}/nowhere cannot be read (ENOENT): expected the folder of a catalogue\n`);
  });

  it('also when a system has a rule for a purpose that does not concern it any more', () => {
    concerning();
    expect(handlerFaults(readCatalogue(dir), APPS)).toMatchObject([
      { file: 'apps/marketing-segmentation/src/on-decision.ts', id: PURPOSE },
    ]);
  });

  it('also when a system has a rule that is never asked, since the purpose is not among those it knows', () => {
    const system = path.join(dir, 'apps/directory-listing/src');
    mkdirSync(system, { recursive: true });
    const rules = readFileSync(path.join(APPS, 'directory-listing/src/on-decision.ts'), 'utf8');
    writeFileSync(path.join(system, 'on-decision.ts'), rules.replace("  'directory-profession-listing',\n", ''));
    const faults = handlerFaults(readCatalogue(CATALOGUE), path.join(dir, 'apps'));
    expect(faults.filter(({ file }) => file.startsWith('apps/'))).toMatchObject([
      { file: 'apps/directory-listing/src/on-decision.ts', id: 'directory-profession-listing' },
    ]);
  });

  it('are checked again when either changes', () => {
    expect(TOOLS.nx.targets.build.inputs).toEqual(
      expect.arrayContaining([
        '{workspaceRoot}/catalogue/**/*',
        '{workspaceRoot}/apps/*/src/on-decision.ts',
        '{workspaceRoot}/apps/*/src/purposes.ts',
      ]),
    );
  });
});
