import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readdirSync } from 'node:fs';
import { connect, type Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it, jest } from '@jest/globals';

const FIXTURE = fileURLToPath(new URL('./spec-fixture/tiny-service.mjs', import.meta.url));

jest.setTimeout(60_000);

const POST = 'POST /take HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\n';
const TUNNEL = 'CONNECT a:1 HTTP/1.1\r\nHost: a\r\n\r\n';

describe('a running service', () => {
  const children: ChildProcess[] = [];
  const callers: Socket[] = [];
  afterEach(() => {
    children.splice(0).forEach((child) => child.exitCode ?? child.kill('SIGKILL'));
    callers.splice(0).forEach((caller) => caller.destroy());
  });

  /** A caller that never ends its side by itself. */
  async function open(url: string): Promise<Socket> {
    const { hostname, port } = new URL(url);
    const socket = connect({ host: hostname, port: Number(port), allowHalfOpen: true });
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    callers.push(socket);
    return socket;
  }

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

  /** What a caller has sent of its request when it falls silent, without ever ending the connection. */
  const HELD = {
    'nothing at all': '',
    'half a request line': 'GET /livez HTT',
    'half of the headers': 'GET /livez HTTP/1.1\r\nHost: a\r\nX-A',
    'half of a body': `${POST}Content-Length: 100\r\n\r\n{"a"`,
    'a body of chunks that has no end': `${POST}Transfer-Encoding: chunked\r\n\r\n1\r\n{\r\n`,
    'a request, answered, and half of the next': 'GET /livez HTTP/1.1\r\nHost: a\r\n\r\nGET /li',
    'an expectation that cannot be met, and no body': `${POST}Expect: more\r\nContent-Length: 100\r\n\r\n`,
    'the wish for a tunnel': TUNNEL,
    'what is no HTTP': 'HELLO\r\n\r\n',
  };

  it.each(Object.entries(HELD))('waits for no caller that has sent %s, and exits with 0', async (_, bytes) => {
    const { child, url, ended, log } = await start();
    (await open(url)).write(bytes);
    // Whatever else is asked now, the bytes are there before it.
    await fetch(`${url}/livez`);
    const told = performance.now();
    child.kill('SIGTERM');
    expect(await ended()).toBe(0);
    expect(performance.now() - told).toBeLessThan(3_000);
    expect(log()).toContain('Shut down');
  });

  it('finishes what is in hand although another caller holds a connection, and although it takes longer than that one may', async () => {
    const { child, url, ended } = await start();
    const held = await open(url);
    held.write('GET /livez HTT');
    const answer = fetch(`${url}/slow`).then((response) => response.json());
    await once(child, 'message');
    child.kill('SIGTERM');
    await once(held.resume(), 'end');
    child.send('go on');
    expect(await answer).toEqual({ finished: true });
    expect(await ended()).toBe(0);
  });

  it('keeps no descriptor of callers that were refused a tunnel, whatever they send after and however they leave', async () => {
    const { child, url } = await start();
    const descriptors = (): number => readdirSync(`/proc/${child.pid}/fd`).length;
    const before = descriptors();
    for (let i = 0; i < 30; i++) {
      const sockets = await Promise.all([open(url), open(url), open(url)]);
      for (const socket of sockets) socket.write(TUNNEL);
      await Promise.all(sockets.map((socket) => once(socket, 'data')));
      // The third stays.
      const [talks, leaves] = sockets;
      talks?.end('and twenty bytes more');
      leaves?.end();
    }
    while (descriptors() > before) await new Promise((resolve) => setTimeout(resolve, 50));
  }, 20_000);

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
