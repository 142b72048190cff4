import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { feed, type FeedOptions } from './feed.ts';
import { FILES } from './files.ts';

interface Seen {
  path: string;
  key: string;
  lines: string[];
}
type Answer = { status: number; body: string } | 'hang up';

describe('feeding', () => {
  let server: Server;
  let dir: string;
  let seen: Seen[];
  let answer: (request: Seen) => Answer;

  const ndjson = (answers: object[]): Answer => ({
    status: 200,
    body: answers.map((a) => `${JSON.stringify(a)}\n`).join(''),
  });
  const acceptAll = ({ path: url, lines }: Seen): Answer =>
    url === '/v1/bundles'
      ? { status: 201, body: JSON.stringify({ changed: [{}, {}], unchanged: 3 }) }
      : ndjson(lines.map((_, i) => ({ line: i + 1, status: url.startsWith('/v1/facts') ? 200 : 201 })));
  const problem = (status: number, type: string): Answer => ({
    status,
    body: JSON.stringify({ type: `urn:consent:problem:${type}`, detail: `because ${type}` }),
  });

  const textOf = async (request: IncomingMessage): Promise<string> => {
    let text = '';
    for await (const part of request.setEncoding('utf8')) text += part as string;
    return text;
  };

  beforeEach(async () => {
    dir = mkdtempSync(path.join(tmpdir(), 'feed-'));
    seen = [];
    answer = acceptAll;
    server = createServer((request, response) => {
      void textOf(request).then((text) => {
        const one = {
          path: request.url ?? '',
          key: String(request.headers['idempotency-key']),
          lines: text.split('\n').filter(Boolean),
        };
        seen.push(one);
        const found = answer(one);
        if (found === 'hang up') request.socket.destroy();
        else response.writeHead(found.status).end(found.body);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  });
  afterEach(async () => {
    rmSync(dir, { recursive: true });
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });

  const file = (name: keyof typeof FILES, count: number) =>
    writeFileSync(path.join(dir, FILES[name]), Array.from({ length: count }, (_, i) => `{"${name}":${i}}\n`).join(''));
  const run = (over: Partial<FeedOptions> = {}) =>
    feed({
      dir,
      consentUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
      token: 'secret',
      ...over,
    });

  it('enters facts, decisions, bundles and second thoughts in that order, a thousand lines at most at a time', async () => {
    file('facts', 3);
    file('decisions', 2_500);
    file('bundles', 2);
    file('secondThoughts', 1);
    expect(await run()).toEqual({ accepted: 2_505, refused: 0, facts: 3, bundles: 2, rejects: [] });
    expect(seen.map((s) => [s.path, s.lines.length])).toEqual([
      ['/v1/facts/batch', 3],
      ['/v1/decisions/batch', 1_000],
      ['/v1/decisions/batch', 1_000],
      ['/v1/decisions/batch', 500],
      ['/v1/bundles', 1],
      ['/v1/bundles', 1],
      ['/v1/decisions/batch', 1],
    ]);
    expect(seen[1]?.lines[0]).toBe('{"decisions":0}');
    expect(new Set(seen.map((s) => s.key)).size).toBe(seen.length);
  });

  it.each<[string, Answer]>([
    ['a lost connection', 'hang up'],
    ['a server error', problem(503, 'unavailable')],
    ['a request still in flight', problem(409, 'idempotency-key-in-flight')],
  ])('sends again after %s, with the same key, and counts it once', async (_, failure) => {
    file('decisions', 10);
    answer = (request) => (seen.length <= 2 ? failure : acceptAll(request));
    expect(await run()).toMatchObject({ accepted: 10, refused: 0 });
    expect(seen.length).toBe(3);
    expect(new Set(seen.map((s) => s.key)).size).toBe(1);
  });

  it('lists a refused line with file and line number, and goes on', async () => {
    file('decisions', 1_003);
    answer = ({ lines }) =>
      ndjson(
        lines.map((text, i) =>
          text.includes(':1001')
            ? { line: i + 1, status: 422, problem: { type: 'x', detail: 'unknown purpose' } }
            : { line: i + 1, status: 201 },
        ),
      );
    expect(await run()).toMatchObject({
      accepted: 1_002,
      refused: 1,
      rejects: [{ file: 'decisions.ndjson', line: 1_002, status: 422, why: 'unknown purpose' }],
    });
  });

  it('lists a refused bundle and goes on with the next', async () => {
    file('bundles', 3);
    answer = (request) => (request.lines[0]?.includes(':1') ? problem(422, 'bundle-unknown') : acceptAll(request));
    const result = await run();
    expect(result).toMatchObject({ bundles: 2, accepted: 4, refused: 1 });
    expect(result.rejects).toMatchObject([{ file: 'bundles.ndjson', line: 2, status: 422 }]);
  });

  it('stops at once where the token is refused, and says what was answered', async () => {
    file('decisions', 10);
    answer = () => problem(401, 'token-unknown');
    await expect(run()).rejects.toThrow('POST /v1/decisions/batch was answered 401: because token-unknown');
    expect(seen.length).toBe(1);
  });

  it('stops when it is told to', async () => {
    file('decisions', 3_000);
    const stop = new AbortController();
    const end = run({ signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) });
    await expect(end).rejects.toThrow('enough');
    expect(seen.length).toBe(1);
  });

  it('keeps to a rate', async () => {
    file('decisions', 100);
    const started = performance.now();
    await run({ ratePerSecond: 400 });
    expect(seen.map((s) => s.lines.length)).toEqual([100]);
    file('decisions', 300);
    await run({ ratePerSecond: 400 });
    // The second and third portion of 100 are due 0.25 s and 0.5 s after the first.
    expect(performance.now() - started).toBeGreaterThanOrEqual(490);
  });

  it('does not take a short answer for a full one', async () => {
    file('decisions', 5);
    answer = () => ndjson([{ line: 1, status: 201 }]);
    await expect(run()).rejects.toThrow('answered 1 of 5 lines');
  });
});
