import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { until } from '@consent/testing';
import { stillRuns } from '../stack/process/pid-file.ts';
import { type SpecLauncher, specLauncher } from './spec-launcher.ts';

jest.setTimeout(180_000);

describe('node tools/run.mjs stack', () => {
  let launcher: SpecLauncher;
  const names = (): string[] =>
    launcher
      .running('dev')
      .map(({ name }) => name)
      .sort();
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
    launcher = await specLauncher();
  });
  afterAll(async () => {
    await launcher.output('stack', 'down');
    launcher.remove();
  });

  it('comes up after its first run was killed in the middle, and no process of that one is left', async () => {
    const first = launcher.start(['stack', 'up']);
    await until('Kafka is being started', () => names().includes('kafka'), { timeoutMs: 120_000 });
    const before = launcher.running('dev');
    process.kill(before.find(({ name }) => name === 'launcher')?.pid as number, 'SIGKILL');
    await first.ended;

    await launcher.output('stack', 'up');
    expect(before.map(({ name }) => name)).toEqual(expect.arrayContaining(['kafka', 'postgres']));
    expect(before.filter((record) => stillRuns(record))).toEqual([]);
    expect(names()).toEqual(['kafka', 'postgres', 'registry']);
  });

  it('keeps schema ids over a restart, and is found at the same addresses', async () => {
    const before = await launcher.output('stack', 'up');
    const id = await register(registryIn(before));
    await launcher.output('stack', 'down');
    expect(names()).toEqual([]);
    const after = await launcher.output('stack', 'up');
    expect(registryIn(after)).toBe(registryIn(before));
    expect(await register(registryIn(after))).toBe(id);
  });

  it('brings back a killed broker at the same address and leaves the others alone', async () => {
    const pids = (): Map<string, number> => new Map(launcher.running('dev').map(({ name, pid }) => [name, pid]));
    const before = pids();
    process.kill(before.get('kafka') as number, 'SIGKILL');
    await until('the broker is gone', () => !names().includes('kafka'));
    await launcher.output('stack', 'up');
    expect(pids().get('postgres')).toBe(before.get('postgres'));
    expect(pids().get('registry')).toBe(before.get('registry'));
    expect(pids().get('kafka')).not.toBe(before.get('kafka'));
  });

  it('brings back a killed PostgreSQL with the registry, which stands on it, and leaves the broker alone', async () => {
    const before = await launcher.output('stack', 'up');
    const pids = (): Map<string, number> => new Map(launcher.running('dev').map(({ name, pid }) => [name, pid]));
    const broker = pids().get('kafka');
    process.kill(pids().get('postgres') as number, 'SIGKILL');
    await until('PostgreSQL is gone', () => !names().includes('postgres'));
    const after = await launcher.output('stack', 'up');
    expect(registryIn(after)).toBe(registryIn(before));
    expect(names()).toEqual(['kafka', 'postgres', 'registry']);
    expect(pids().get('kafka')).toBe(broker);
  });

  it.each([
    [['demo', '--subjects', 'many'], "'--subjects <n>' argument 'many' is invalid. expected a whole number"],
    [['start', '--name', '../x'], "'--name <name>' argument '../x' is invalid. expected small letters"],
    [['demo', '--name', 'jars'], "'--name <name>' argument 'jars' is invalid. expected small letters"],
    [['stack', 'up', '--name', '../x'], "'--name <name>' argument '../x' is invalid. expected small letters"],
    [['doctor', '--foo'], "doctor takes no arguments: found '--foo'"],
  ])('answers a wrong argument with what is wrong: %j', async (args, text) => {
    const run = launcher.start(args);
    expect(await run.ended).toBe(1);
    expect(run.text()).toContain(text);
  });
});
