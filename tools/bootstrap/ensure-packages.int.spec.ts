import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '@consent/testing';
import { execa } from 'execa';
import { whyInstall } from './ensure-packages.mjs';
import { nodeProblem } from './node-problem.mjs';

describe('whyInstall', () => {
  let root: string;
  const lock = (version: string, more: object = {}): string =>
    JSON.stringify({ packages: { '': {}, 'node_modules/pg': { version }, ...more } });
  const installed = (text: string): void => writeFileSync(path.join(root, 'node_modules/.package-lock.json'), text);

  beforeEach(() => {
    root = mkdtempSync(path.join(os.tmpdir(), 'a checkout '));
    writeFileSync(path.join(root, 'package-lock.json'), lock('8.23.0'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('names a checkout without packages', () => {
    expect(whyInstall(root)).toBe('as there are none yet');
  });

  it('recognises an installation that was killed: npm writes its own list last', () => {
    mkdirSync(path.join(root, 'node_modules/pg'), { recursive: true });
    expect(whyInstall(root)).toBe('as an earlier installation was not finished');
    installed('{"packa');
    expect(whyInstall(root)).toBe('as an earlier installation was not finished');
  });

  it('names a package of another version than the lock file says', () => {
    mkdirSync(path.join(root, 'node_modules'));
    installed(lock('8.22.0'));
    expect(whyInstall(root)).toBe('as pg is not the version of package-lock.json');
  });

  it('is content with what fits, also without the packages of other platforms', () => {
    mkdirSync(path.join(root, 'node_modules/node/bin'), { recursive: true });
    symlinkSync(process.execPath, path.join(root, 'node_modules/node/bin/node'));
    const other = { 'node_modules/other-platform': { version: '1.0.0', optional: true } };
    writeFileSync(path.join(root, 'package-lock.json'), lock('8.23.0', other));
    installed(lock('8.23.0'));
    expect(whyInstall(root)).toBeUndefined();
  });
});

const stillThere = (pid: number): boolean => {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
};

describe('ensurePackages', () => {
  it.each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)('leaves no npm behind when %s ends it, twice', async (signal) => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'a checkout '));
    // npm as it behaves while it installs: it hears signals and goes on.
    const npm = `#!/bin/sh\ntrap '' INT TERM HUP\necho "npm is $$"\nwhile :; do sleep 0.1; done\n`;
    writeFileSync(path.join(folder, 'npm'), npm, { mode: 0o755 });
    const ensure = `process.stdout.write(String(await ensurePackages(${JSON.stringify(folder)})))`;
    const script = `import { ensurePackages } from ${JSON.stringify(fileURLToPath(new URL('./ensure-packages.mjs', import.meta.url)))};\n${ensure}`;
    const run = execa(process.execPath, ['--input-type=module', '-e', script], {
      env: { PATH: `${folder}:${process.env.PATH ?? ''}`, NODE_OPTIONS: '' },
      reject: false,
    });
    let said = '';
    run.stdout.on('data', (chunk: Buffer) => (said += String(chunk)));
    await until('npm runs', () => /npm is \d+\n/.test(said));
    const pid = Number(/npm is (\d+)/.exec(said)?.[1]);
    // A terminal and the npm above both pass it on.
    run.kill(signal);
    run.kill(signal);
    await once(run, 'exit');
    const isLeft = stillThere(pid);
    if (isLeft) process.kill(pid, 'SIGKILL');
    await run;
    rmSync(folder, { recursive: true });
    expect(isLeft).toBe(false);
    expect(said).toMatch(/Interrupted: the installation is not finished; the next start does it again$/);
  });
});

describe('nodeProblem', () => {
  it.each(['20.19.0', '20.20.2', '22.1.0', '24.21.0'])('has none with Node %s', (version) => {
    expect(nodeProblem(version)).toBeUndefined();
  });

  it.each(['18.20.4', '20.18.9'])('tells Node %s to be replaced, in one line', (version) => {
    expect(nodeProblem(version)).toBe(
      `Node ${version} is too old: install Node 20.19 or newer (Node 24 itself comes by npm)`,
    );
  });
});
