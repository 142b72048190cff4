import { once } from 'node:events';
import { createConnection } from 'node:net';
import { Controller, Get, Module, Post } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createHost, type Host } from '../create-host.js';
import { createLogger } from '../logger.js';
import { startTelemetry, type Telemetry } from '../telemetry.js';

const CLOSE = 'Connection: close';

@Controller('things')
class ThingsController {
  @Get(':id')
  thing(): object {
    return {};
  }

  @Post('all')
  makeAll(): object {
    return {};
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

describe('the host, before any handler', () => {
  let telemetry: Telemetry;
  let host: Host;
  beforeAll(async () => {
    telemetry = await startTelemetry({ service: 'spec', build: 'spec' });
    host = await createHost({
      module: ThingsModule,
      config: { HOST: '127.0.0.1', PORT: 0 },
      logger: createLogger({ service: 'spec', build: 'spec', level: 'fatal' }),
      telemetry,
    });
  });
  afterAll(async () => {
    await host.close();
    await telemetry.shutdown();
  });

  const call = (path: string, init: RequestInit = {}): Promise<Response> => fetch(host.url + path, init);
  const port = (): number => Number(new URL(host.url).port);

  it('answers a method that a path does not take although a wider route would', async () => {
    for (const path of ['/things/all', '/things/all?x=1']) {
      const answer = await call(path);
      expect({ status: answer.status, allow: answer.headers.get('allow') }).toEqual({ status: 405, allow: 'POST' });
      expect(await answer.json()).toMatchObject({ detail: '/things/all does not take GET; expected POST' });
    }
    expect((await call('/things/all', { method: 'DELETE' })).headers.get('allow')).toBe('POST');
    expect((await call('/things/all', { method: 'POST' })).status).toBe(201);
    expect((await call('/things/al')).status).toBe(200);
  });

  /** What the host answers to these bytes until it, or the caller, ends the connection. */
  const raw = (...lines: string[]): Promise<string> =>
    new Promise<string>((resolve, reject) => {
      const socket = createConnection(port(), '127.0.0.1', () => socket.write(`${lines.join('\r\n')}\r\n\r\n`));
      let text = '';
      socket
        .on('data', (chunk) => (text += chunk.toString()))
        .on('end', () => resolve(text))
        .on('error', reject);
    });

  it.each([
    [
      'what is no HTTP at all',
      ['HELLO'],
      400,
      'malformed-request',
      'Invalid method encountered; expected a request in HTTP/1.1',
    ],
    [
      'a length that is no number',
      ['POST /things/all HTTP/1.1', 'Host: a', 'Content-Length: abc'],
      400,
      'malformed-request',
      'Invalid character in Content-Length; expected a request',
    ],
    [
      'a control character',
      ['GET /livez HTTP/1.1', 'A: b\u0001'],
      400,
      'malformed-request',
      'Invalid header value char;',
    ],
    ['a request without Host', ['GET /livez HTTP/1.1', CLOSE], 400, 'malformed-request', 'header host: is missing'],
    ['one to a path that is none', ['GET /nothing HTTP/1.1', CLOSE], 400, 'malformed-request', 'header host'],
    ['one to a handler', ['GET /things/1 HTTP/1.1', CLOSE], 400, 'malformed-request', 'header host'],
    [
      'a request with two Hosts',
      ['GET /things/1 HTTP/1.1', 'Host: a', 'host: a', CLOSE],
      400,
      'malformed-request',
      'header host: found 2 of it; expected the host and port that the request is meant for',
    ],
    ['one with two of HTTP/1.0', ['GET /livez HTTP/1.0', 'Host: a', 'Host: b'], 400, 'malformed-request', 'found 2'],
    [
      'a Host that is none',
      ['GET /things/1 HTTP/1.1', 'Host: a b/../c', CLOSE],
      400,
      'malformed-request',
      'header host: found "a b/../c"; expected the host',
    ],
    ['one with the name of a user', ['GET /livez HTTP/1.1', 'Host: me@a', CLOSE], 400, 'malformed-request', 'me@a'],
    [
      'QUERY without Content-Type',
      ['QUERY /things/1 HTTP/1.1', 'Host: a', CLOSE],
      405,
      'method-not-allowed',
      '/things/1 does not take QUERY; expected GET, HEAD',
    ],
    [
      'QUERY with Content-Type',
      ['QUERY /things/1 HTTP/1.1', 'Host: a', 'Content-Type: application/json', 'Content-Length: 2', CLOSE, '', '{}'],
      405,
      'method-not-allowed',
      '/things/1 does not take QUERY; expected GET, HEAD',
    ],
    ['QUERY of no path', ['QUERY /nothing HTTP/1.1', 'Host: a', CLOSE], 404, 'not-found', '/nothing'],
    [
      'another expectation than 100-continue',
      ['GET /things/1 HTTP/1.1', 'Host: a', 'Expect: foo', CLOSE],
      417,
      'expectation-failed',
      'header expect: found foo; expected 100-continue, or none',
    ],
    ['a tunnel', ['CONNECT a:1 HTTP/1.1', 'Host: a'], 501, 'method-not-implemented', 'Found CONNECT'],
    ['a tunnel for a caller without Host', ['CONNECT a:1 HTTP/1.1'], 501, 'method-not-implemented', 'Found CONNECT'],
  ])('answers %s as a problem, too', async (_, lines, status, type, detail) => {
    const [head = '', body = ''] = (await raw(...lines)).split('\r\n\r\n');
    expect(head).toMatch(new RegExp(`^HTTP/1.1 ${status} \\w.*content-type: application/problem\\+json`, 'is'));
    const problem = JSON.parse(body) as { title: string; detail: string };
    expect(problem).toMatchObject({ type: `urn:consent:problem:${type}`, status });
    expect(problem.title).not.toBe('');
    expect(problem.detail).toContain(detail);
  });

  it.each(['a', 'a.b-c_d:80', '127.0.0.1:3000', '[::1]:80', '[::ffff:1.2.3.4]', '', 'xn--bcher-kva.example:'])(
    'takes the Host "%s"',
    async (host) => {
      expect(await raw('GET /things/1 HTTP/1.1', `Host: ${host}`, CLOSE)).toMatch(/^HTTP\/1.1 200 /);
    },
  );

  it('takes a request of HTTP/1.0 without Host, and tells who expects 100-continue to continue', async () => {
    expect(await raw('GET /things/1 HTTP/1.0')).toMatch(/^HTTP\/1.1 200 /);
    const body = '{}';
    const head = [
      'Host: a',
      'Expect: 100-continue',
      'Content-Type: application/json',
      `Content-Length: ${body.length}`,
    ];
    const answer = await raw('POST /things/all HTTP/1.1', ...head, CLOSE, '', body);
    expect(answer).toMatch(/^HTTP\/1.1 100 Continue\r\n\r\nHTTP\/1.1 201 /);
  });

  it('outlives a caller that goes away in the middle of asking for a tunnel', async () => {
    const socket = createConnection(port(), '127.0.0.1');
    await once(socket, 'connect');
    socket.write('CONNECT a:1 HTTP/1.1\r\n\r\n');
    socket.resetAndDestroy();
    expect((await call('/things/1')).status).toBe(200);
  });
});
