import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { dataFolder, instanceAt, ROOT } from '../stack/instance.ts';
import { ensureJars } from '../stack/java/jars.ts';
import { readPidFiles, stillRuns } from '../stack/process/pid-file.ts';

const MINUTES = 60_000;

describe('node tools/run.mjs stack', () => {
  let folder: string;
  const running = (): string[] =>
    readPidFiles(instanceAt('dev', folder).pids)
      .filter((record) => stillRuns(record))
      .map(({ name }) => name);

  /** Run as a user would, without the servers and the mark of this test run. */
  function run(...args: string[]): ChildProcess {
    const hidden = ['KAFKA_BROKERS', 'SCHEMA_REGISTRY_URL', 'DATABASE_URL', 'CONSENT_INSTANCE', 'NODE_OPTIONS'];
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !hidden.includes(name)));
    return spawn(process.execPath, ['tools/run.mjs', ...args], {
      cwd: ROOT,
      env: { ...env, CONSENT_DATA_DIR: folder },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
  }

  async function outputOf(...args: string[]): Promise<string> {
    const child = run(...args);
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (text += String(chunk)));
    const [code] = (await once(child, 'close')) as [number | null];
    expect({ code, text }).toMatchObject({ code: 0 });
    return text;
  }

  const registryIn = (output: string): string => /SCHEMA_REGISTRY_URL='([^']+)'/.exec(output)?.[1] ?? '';

  async function register(registryUrl: string): Promise<number> {
    const response = await fetch(`${registryUrl}/subjects/spec-value/versions`, {
      method: 'POST',
      headers: { 'content-type': 'application/vnd.schemaregistry.v1+json' },
      body: JSON.stringify({ schema: '{"type":"record","name":"Spec","fields":[{"name":"a","type":"string"}]}' }),
    });
    return ((await response.json()) as { id: number }).id;
  }

  beforeAll(async () => {
    folder = mkdtempSync(path.join(realpathSync(os.tmpdir()), 'data with spaces '));
    await ensureJars(path.join(dataFolder(), 'jars'));
    symlinkSync(path.join(dataFolder(), 'jars'), path.join(folder, 'jars'));
  }, 2 * MINUTES);
  afterAll(async () => {
    await outputOf('stack', 'down');
    rmSync(folder, { recursive: true, force: true });
  }, MINUTES);

  it(
    'comes up after its first run was killed in the middle, and no process of that one is left',
    async () => {
      const first = run('stack', 'up');
      const killed = once(first, 'exit');
      while (!existsSync(path.join(folder, 'dev', 'pids', 'kafka.json')))
        await new Promise((resolve) => setTimeout(resolve, 20));
      const launcher = readPidFiles(instanceAt('dev', folder).pids).find(({ name }) => name === 'launcher');
      const before = readPidFiles(instanceAt('dev', folder).pids).filter(({ name }) => name !== 'launcher');
      process.kill(launcher?.pid as number, 'SIGKILL');
      await killed;

      await outputOf('stack', 'up');
      expect(before.map(({ name }) => name)).toEqual(expect.arrayContaining(['kafka', 'postgres']));
      expect(before.filter((record) => stillRuns(record))).toEqual([]);
      expect(running().sort()).toEqual(['kafka', 'postgres', 'registry']);
    },
    2 * MINUTES,
  );

  it(
    'keeps schema ids over a restart, and is found at the same addresses',
    async () => {
      const before = await outputOf('stack', 'up');
      const id = await register(registryIn(before));
      await outputOf('stack', 'down');
      expect(running()).toEqual([]);
      const after = await outputOf('stack', 'up');
      expect(registryIn(after)).toBe(registryIn(before));
      expect(await register(registryIn(after))).toBe(id);
    },
    2 * MINUTES,
  );

  it(
    'brings back a killed broker at the same address and leaves the others alone',
    async () => {
      const pids = (): Map<string, number> =>
        new Map(readPidFiles(instanceAt('dev', folder).pids).map(({ name, pid }) => [name, pid]));
      const before = pids();
      process.kill(before.get('kafka') as number, 'SIGKILL');
      await outputOf('stack', 'up');
      expect(pids().get('postgres')).toBe(before.get('postgres'));
      expect(pids().get('registry')).toBe(before.get('registry'));
      expect(pids().get('kafka')).not.toBe(before.get('kafka'));
    },
    MINUTES,
  );

  it('answers a wrong argument with what is wrong', () => {
    const asked = spawnSync(process.execPath, ['tools/run.mjs', 'demo', '--subjects', 'many'], {
      cwd: ROOT,
      encoding: 'utf8',
      env: { ...process.env, NODE_OPTIONS: '' },
    });
    expect(asked.status).toBe(1);
    expect(asked.stderr).toContain("'--subjects <n>' argument 'many' is invalid. expected a whole number");
  });
});
