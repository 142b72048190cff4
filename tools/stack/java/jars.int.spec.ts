import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { parseChecksums } from './checksums.ts';
import { ensureJars } from './jars.ts';

const sum = (text: string): string => createHash('sha512').update(text).digest('hex');
const checksums = new Map([
  ['kafka/broker.jar', sum('broker')],
  ['registry/app.tar.gz', sum('registry')],
]);

describe('ensureJars', () => {
  let dir: string;
  let fetches: number;
  /** Puts files into the folder as Maven would. */
  const fetching =
    (files: Record<string, string>) =>
    async (into: string): Promise<void> => {
      fetches++;
      for (const [name, content] of Object.entries(files)) {
        mkdirSync(path.join(into, path.dirname(name)), { recursive: true });
        writeFileSync(path.join(into, name), content);
      }
    };
  const right = fetching({ 'kafka/broker.jar': 'broker', 'registry/app.tar.gz': 'registry' });

  beforeEach(() => {
    dir = path.join(mkdtempSync(path.join(os.tmpdir(), 'jars ')), 'jars');
    fetches = 0;
  });
  afterEach(() => rmSync(path.dirname(dir), { recursive: true, force: true }));

  it('fetches once and then uses what is there', async () => {
    expect(await ensureJars(dir, { fetch: right, checksums })).toBe(true);
    expect(await ensureJars(dir, { fetch: right, checksums })).toBe(false);
    expect(fetches).toBe(1);
    expect(readFileSync(path.join(dir, 'kafka/broker.jar'), 'utf8')).toBe('broker');
  });

  it('refuses a jar with another SHA-512 sum, names it and keeps nothing of it', async () => {
    const wrong = fetching({ 'kafka/broker.jar': 'not the broker', 'registry/app.tar.gz': 'registry' });
    await expect(ensureJars(dir, { fetch: wrong, checksums })).rejects.toThrow(
      /kafka\/broker\.jar has another SHA-512 sum/,
    );
    expect(existsSync(dir)).toBe(false);
    expect(existsSync(`${dir}.incoming`)).toBe(false);
  });

  it('refuses when a jar did not come', async () => {
    const half = fetching({ 'kafka/broker.jar': 'broker' });
    await expect(ensureJars(dir, { fetch: half, checksums })).rejects.toThrow(/registry\/app\.tar\.gz did not come/);
  });

  it('fetches again when a jar was damaged, also by one byte', async () => {
    await ensureJars(dir, { fetch: right, checksums });
    writeFileSync(path.join(dir, 'kafka/broker.jar'), 'brokes');
    expect(await ensureJars(dir, { fetch: right, checksums })).toBe(true);
    expect(readFileSync(path.join(dir, 'kafka/broker.jar'), 'utf8')).toBe('broker');
  });

  it('does not mind what a killed download left', async () => {
    await fetching({ 'kafka/other.jar': 'left over' })(`${dir}.incoming`);
    await ensureJars(dir, { fetch: right, checksums });
    expect(existsSync(path.join(dir, 'kafka/other.jar'))).toBe(false);
  });
});

describe('jars.sha512', () => {
  it('holds a sum for the broker and for the registry', () => {
    const sums = parseChecksums(readFileSync(path.join(import.meta.dirname, 'jars.sha512'), 'utf8'));
    expect([...sums.keys()]).toEqual(
      expect.arrayContaining(['kafka/kafka_2.13-4.3.1.jar', 'registry/apicurio-registry-app-3.0.9-all.tar.gz']),
    );
  });

  it('is refused where a line is not a sum and a path', () => {
    expect(() => parseChecksums(`${sum('x')}  a.jar\nabc  b.jar\n`)).toThrow(/^Line 2 is not .*: abc {2}b\.jar$/);
  });
});
