import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
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
