import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type SpecInstance, specInstance } from '../spec-instance.ts';
import { type StackError } from '../stack-error.ts';
import { supervise, type Supervised } from './supervise.ts';
import { waitUntilAllReady, waitUntilReady } from './wait-until.ts';

const never = (): Promise<boolean> => Promise.resolve(false);

describe('waiting for a process', () => {
  let instance: SpecInstance;

  const run = (name: string, code: string): Promise<Supervised> =>
    supervise(instance, { name, command: process.execPath, args: ['-e', code], marker: name });

  beforeEach(() => {
    instance = specInstance();
  });
  afterEach(() => instance.remove());

  it('goes on for as long as it works, up to a limit, and then says in one line what to do', async () => {
    const busy = await run('kafka', 'for (;;);');
    const began = Date.now();
    await expect(waitUntilReady(busy, never, { idleMs: 2_000, mostMs: 5_000 })).rejects.toThrow(
      /^kafka was not ready within 5 s, though it works: .* see .*kafka\.log$/,
    );
    expect(Date.now() - began).toBeGreaterThan(4_900);
  });

  it('ends when it does nothing any more', async () => {
    const idle = await run('kafka', 'setInterval(() => {}, 1000)');
    const began = Date.now();
    const failed = waitUntilReady(idle, never, { idleMs: 2_000, mostMs: 60_000 });
    await expect(failed).rejects.toThrow(
      `kafka was not ready and did nothing for 2 s: see ${path.join(instance.logs, 'kafka.log')}, and start again`,
    );
    expect(Date.now() - began).toBeLessThan(20_000);
  });

  it('shows what this run said before it ended, and nothing of those before it', async () => {
    await (
      await run('kafka', 'console.log("of yesterday")')
    ).ended;
    const ending = await run('kafka', 'console.log("of today"); process.exit(3)');
    await ending.ended;
    const failure: unknown = await waitUntilReady(ending, never).catch((error: unknown) => error);
    expect(failure).toMatchObject({ message: 'kafka exited with code 3 before it was ready' });
    expect((failure as StackError).details).toMatch(/^the end of .*kafka\.log:\n {2}of today$/);
  });

  it('says none of several are ready when the first has ended while the last was waited for', async () => {
    const first = await run('first', 'setTimeout(() => process.exit(1), 300)');
    const last = await run('last', 'setInterval(() => {}, 1000)');
    let lastIsReady = false;
    void first.ended.then(() => setTimeout(() => (lastIsReady = true), 300));
    await expect(
      waitUntilAllReady([
        { process: first, ready: () => Promise.resolve(first.running()) },
        { process: last, ready: () => Promise.resolve(lastIsReady) },
      ]),
    ).rejects.toThrow('first exited with code 1 before it was ready');
  });
});
