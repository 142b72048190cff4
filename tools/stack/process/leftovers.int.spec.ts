import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type SpecInstance, specInstance } from '../spec-instance.ts';
import { claimInstance, releaseInstance } from './claim-instance.ts';
import { OWNER_VARIABLE, stopLeftovers } from './leftovers.ts';
import { readPidFiles, writePidFile } from './pid-file.ts';
import { identityOf } from './process-identity.ts';
import { supervise } from './supervise.ts';

const IDLE = 'setInterval(() => {}, 1000); process.send?.("up")';

describe('What an earlier run left behind', () => {
  let instance: SpecInstance;
  const started: number[] = [];

  /** A process that does nothing until it is stopped. */
  async function idle(env: Record<string, string> = {}): Promise<number> {
    const child = spawn(process.execPath, ['-e', IDLE, 'spec-marker'], {
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
      env: { PATH: process.env['PATH'] ?? '', ...env },
    });
    await once(child, 'message');
    child.disconnect();
    child.unref();
    started.push(child.pid as number);
    return child.pid as number;
  }

  beforeEach(() => {
    instance = specInstance();
  });
  afterEach(async () => {
    for (const pid of started.splice(0)) if (identityOf(pid)) process.kill(pid, 'SIGKILL');
    await instance.remove();
  });

  it('is stopped by the next start', async () => {
    const pid = await idle();
    writePidFile(instance.pids, { name: 'kafka', pid, marker: 'spec-marker', stopSignal: 'SIGTERM' });
    expect(await claimInstance(instance)).toEqual(['kafka']);
    expect(identityOf(pid)).toBeUndefined();
    releaseInstance(instance);
    expect(readPidFiles(instance.pids)).toEqual([]);
  });

  it('is stopped also when it hangs', async () => {
    const pid = await idle();
    process.kill(pid, 'SIGSTOP');
    writePidFile(instance.pids, { name: 'kafka', pid, marker: 'spec-marker', stopSignal: 'SIGTERM' });
    await stopLeftovers(instance);
    expect(identityOf(pid)).toBeUndefined();
  });

  it('is found without a pid file, by the mark in its environment', async () => {
    const pid = await idle({ [OWNER_VARIABLE]: instance.dir });
    expect(await stopLeftovers(instance)).toEqual([`process ${pid}`]);
    expect(identityOf(pid)).toBeUndefined();
  });

  it.each([
    ['started at another time', { started: 'another boot/1' }],
    ['has another command line', { marker: 'no such program' }],
  ])('is never a foreign process that got the same pid: one that %s goes on', async (_, difference) => {
    const pid = await idle();
    const record = { name: 'kafka', pid, marker: 'spec-marker', stopSignal: 'SIGTERM' as const };
    writePidFile(instance.pids, record);
    const written = readPidFiles(instance.pids)[0];
    writeFileSync(path.join(instance.pids, 'kafka.json'), JSON.stringify({ ...written, ...difference }));
    expect(await stopLeftovers(instance)).toEqual([]);
    expect(identityOf(pid)).toBeDefined();
    expect(readPidFiles(instance.pids)).toEqual([]);
  });

  it('always has its pid file, also when it was started through another program', async () => {
    const names = Array.from({ length: 150 }, (_, i) => `idle-${i}`);
    for (const name of names) {
      const args = ['sleep', '60'];
      const { pid } = await supervise(instance, { name, command: '/usr/bin/env', args, marker: 'sleep 60' });
      started.push(pid);
    }
    expect(
      readPidFiles(instance.pids)
        .map(({ name }) => name)
        .toSorted(),
    ).toEqual(names.toSorted());
  });

  it('does not keep a start from working when a pid file was cut off', async () => {
    writeFileSync(path.join(instance.pids, 'kafka.json'), '{"name":"kaf');
    expect(await stopLeftovers(instance)).toEqual([]);
  });

  it('is not touched while its launcher runs: the second one is refused', async () => {
    const pid = await idle();
    writePidFile(instance.pids, { name: 'launcher', pid, marker: '', stopSignal: 'SIGTERM' });
    await expect(claimInstance(instance)).rejects.toThrow(`is already run by process ${pid}: press Ctrl-C there`);
    expect(identityOf(pid)).toBeDefined();
  });
});
