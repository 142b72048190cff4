import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, jest } from '@jest/globals';

const FIXTURE = fileURLToPath(new URL('./spec-fixture/tiny-service.mjs', import.meta.url));

jest.setTimeout(60_000);

describe('a running service', () => {
  const children: ChildProcess[] = [];
  afterEach(() => children.splice(0).forEach((child) => child.exitCode ?? child.kill('SIGKILL')));

  async function start(env: Record<string, string> = {}) {
    const child = fork(FIXTURE, { silent: true, execArgv: [], env: { PORT: '0', ...env } });
    children.push(child);
    let log = '';
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => (log += chunk.toString()));
    const closed = once(child, 'close') as Promise<[number | null, string | null]>;
    const first = (await Promise.race([once(child, 'message'), closed])) as unknown[];
    return { child, url: String(first[0]), ended: async () => (await closed)[0], log: () => log };
  }

  it('that is configured wrongly says what is expected of each key, nothing else, and exits with 78', async () => {
    const { ended, log } = await start({ PORT: 'http', LOG_LEVEL: 'loud' });
    expect(await ended()).toBe(78);
    expect(log().trim().split('\n')).toEqual([
      'The configuration is wrong:',
      '  PORT: found "http"; expected a whole number from 0 to 65535',
      expect.stringMatching(/^ {2}LOG_LEVEL: found "loud"; expected one of fatal, /),
    ]);
  });

  it('finishes what is in hand on SIGTERM, and exits with 0', async () => {
    const { child, url, ended, log } = await start();
    const answer = fetch(`${url}/slow`).then((response) => response.json());
    await once(child, 'message');
    child.kill('SIGTERM');
    child.send('go on');
    expect(await answer).toEqual({ finished: true });
    expect(await ended()).toBe(0);
    expect(log()).toContain('Shut down');
  });

  it('exits with 1 at once on a second signal', async () => {
    const { child, url, ended } = await start();
    const answer = fetch(`${url}/slow`).catch(() => 'cut');
    await once(child, 'message');
    child.kill('SIGTERM');
    child.kill('SIGINT');
    expect(await ended()).toBe(1);
    expect(await answer).toBe('cut');
  });

  it('exits with 1 on a rejection that nobody handles, and logs it', async () => {
    const { url, ended, log } = await start();
    await fetch(`${url}/reject`).catch(() => undefined);
    expect(await ended()).toBe(1);
    expect(log()).toContain('nobody waits for this');
  });

  it('does not start on a port that is taken, and says so', async () => {
    const { url } = await start();
    const second = await start({ PORT: new URL(url).port });
    expect(await second.ended()).toBe(1);
    expect(second.log()).toContain('EADDRINUSE');
  });
});
