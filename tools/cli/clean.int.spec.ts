import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { execa } from 'execa';
import { ROOT } from '../stack/instance.ts';

describe('npm run clean', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(path.join(os.tmpdir(), 'clean '));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));
  const clean = async (): Promise<string> => {
    const env = { CONSENT_DATA_DIR: folder, NODE_OPTIONS: '' };
    return (await execa('node', ['tools/run.mjs', 'clean'], { cwd: ROOT, env })).stdout;
  };
  const put = (file: string): void => {
    mkdirSync(path.dirname(path.join(folder, file)), { recursive: true });
    writeFileSync(path.join(folder, file), file);
  };

  it('removes instances and jars, and the folder with them', async () => {
    for (const file of ['main/pids/old.json', 'main/postgres.ready', 'jars/kafka/a.jar', 'jars.7/registry-app/b.jar'])
      put(file);
    expect(await clean()).toContain(`removed ${folder}`);
    expect(existsSync(folder)).toBe(false);
  });

  it('leaves in a folder of your own what was not made here, and says so', async () => {
    for (const file of ['dev/pids/old.json', 'compose.env', 'photos/2024/a.txt', 'jars/honey.txt', 'jars.txt'])
      put(file);
    expect(await clean()).toMatch(/left what was not made here: compose\.env, jars, jars\.txt, photos$/m);
    expect(readdirSync(folder).sort()).toEqual(['compose.env', 'jars', 'jars.txt', 'photos']);
    expect(readdirSync(path.join(folder, 'photos'))).toEqual(['2024']);
    expect(readFileSync(path.join(folder, 'jars/honey.txt'), 'utf8')).toBe('jars/honey.txt');
  });
});
