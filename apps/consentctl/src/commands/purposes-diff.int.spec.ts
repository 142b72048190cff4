import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readCatalogue } from '../read-catalogue.js';
import { fakePipeline } from '../spec/fake-pipeline.js';
import { runCommand } from '../spec/run-command.js';

const REAL = path.resolve(import.meta.dirname, '../../../../catalogue');

describe('consentctl purposes diff', () => {
  let dir = '';
  let newer = '';
  beforeAll(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'consentctl-'));
    newer = path.join(dir, 'newer');
    cpSync(REAL, newer, { recursive: true });
    const edit = (file: string, from: string | RegExp, to: string): void => {
      const text = readFileSync(path.join(newer, file), 'utf8');
      const changed = text.replace(from, to);
      expect(changed).not.toBe(text);
      writeFileSync(path.join(newer, file), changed);
    };
    edit('purposes/05-disclosure.yaml', 'excludedBrands: [scarlet]', 'excludedBrands: []');
    edit('purposes/05-disclosure.yaml', 'brands: [proximus]\n', 'brands: [proximus, scarlet]\n');
    edit('purposes/10-website.yaml', 'en: ', 'en: New ');
    edit('systems.yaml', 'closing: PT30S', 'closing: PT20S');
    edit('channels.yaml', /\n {2}confirmWithin: .*/, '');
    edit('bundles.yaml', /- id: tv-menu-no-promotion[^]*?(?=\n#)/, '');
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  it('says in words what changed between two folders, and exits 1', async () => {
    const ended = await runCommand(`purposes diff "${REAL}" "${newer}"`);
    expect(ended).toMatchObject({ exitCode: 1, err: '' });
    expect(ended.out).toContain('0 purposes added, 0 removed, 2 changed');
    expect(ended.out).toContain('~ group-affiliate-phone-marketing\n    brands: now with scarlet');
    expect(ended.out).toContain('excluded brands: no more scarlet');
    expect(ended.out).toMatch(/title \(en\): (.*) → New \1/);
    expect(ended.out).toContain('bundles\n- tv-menu-no-promotion');
    expect(ended.out).toContain('deadline of a closing, ms: 30000 → 20000');
    expect(ended.out).toContain('confirmations\n- web-sign-up');
    const json = await runCommand(`purposes diff "${REAL}" "${newer}" --json`);
    expect(json.json()).toMatchObject({ added: [], bundles: { removed: ['tv-menu-no-promotion'] } });
  });

  it('compares a folder with the catalogue in force', async () => {
    const { version, purposes, systems, notices, bundles, confirmWithin } = readCatalogue(REAL);
    const lists = {
      ...{ purposes: [...purposes.values()], systems: [...systems.values()], bundles: [...bundles.values()] },
      confirmWithin: Object.fromEntries(confirmWithin),
    };
    const pipeline = await fakePipeline({ consent: { 'GET /v1/catalogue': () => ({ version, notices, ...lists }) } });
    try {
      expect(await runCommand(`purposes diff "${REAL}"`, pipeline.env)).toMatchObject({
        exitCode: 0,
        out: `${version} and ${version} say the same.\n`,
      });
      expect(await runCommand(`purposes diff "${newer}"`, pipeline.env)).toMatchObject({ exitCode: 1 });
    } finally {
      await pipeline.close();
    }
  });

  it('refuses a folder that is no catalogue, with every fault', async () => {
    const missing = await runCommand(`purposes diff "${REAL}" "${dir}/none"`);
    expect(missing).toMatchObject({ exitCode: 2 });
    expect(missing.err).toContain(`catalogue: cannot read '${dir}/none' (ENOENT)`);
    const broken = path.join(dir, 'broken');
    cpSync(REAL, broken, { recursive: true });
    rmSync(path.join(broken, 'systems.yaml'));
    const faults = await runCommand(`purposes diff "${REAL}" "${broken}"`);
    expect(faults.exitCode).toBe(2);
    expect(faults.err).toContain('systems.yaml');
  });

  it('passes over hidden files, which an editor leaves: the version is the same, as in the build', async () => {
    const edited = path.join(dir, 'edited');
    cpSync(REAL, edited, { recursive: true });
    writeFileSync(path.join(edited, 'purposes/.07-marketing.yaml.swp'), '- id: half');
    const { version } = readCatalogue(REAL);
    expect(await runCommand(`purposes diff "${REAL}" "${edited}"`)).toMatchObject({
      exitCode: 0,
      out: `${version} and ${version} say the same.\n`,
    });
  });

  it('reads no file of a folder that holds no catalogue, such as that of the whole checkout', async () => {
    const checkout = path.join(dir, 'checkout');
    cpSync(REAL, path.join(checkout, 'catalogue'), { recursive: true });
    for (const command of [`purposes diff "${checkout}"`, `catalogue plan --catalogue "${checkout}"`])
      expect(await runCommand(command)).toMatchObject({
        exitCode: 2,
        err: `consentctl: catalogue: '${checkout}' holds no catalogue.yaml (expected the folder of a catalogue)\n`,
      });
  });
});
