import { afterAll, beforeAll, describe, it, jest } from '@jest/globals';
import { until } from '@consent/testing';
import { type SpecLauncher, specLauncher } from '../cli/spec-launcher.ts';
import { stopLeftovers } from '../stack/process/leftovers.ts';

jest.setTimeout(300_000);

describe('npm run bench', () => {
  let launcher: SpecLauncher;
  const names = (): string[] => launcher.running('bench').map(({ name }) => name);

  beforeAll(async () => {
    launcher = await specLauncher();
  });
  afterAll(async () => {
    await stopLeftovers(launcher.instance('bench'));
    launcher.remove();
  });

  it.each([
    ['while it starts', 'kafka'],
    ['while it measures', 'propagation-monitor'],
  ])('leaves no process when npm and all below it are told to end, twice, %s', async (_, begun) => {
    const run = launcher.npm('bench', '--steps', 'idle');
    await until(`${begun} runs`, () => names().includes(begun), { timeoutMs: 240_000 });
    if (begun === 'propagation-monitor') await run.said(/purposes, each of which concerns/, 200_000);
    // As timeout(1) does it: npm first, and then its whole group.
    run.child.kill('SIGTERM');
    process.kill(-(run.child.pid as number), 'SIGTERM');
    await run.ended;
    await until('every process has ended', () => names().length === 0, { timeoutMs: 60_000 });
  });
});
