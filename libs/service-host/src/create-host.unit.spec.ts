import { once } from 'node:events';
import { request } from 'node:http';
import { createConnection } from 'node:net';
import { Body, Controller, Get, Module, Post } from '@nestjs/common';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { trace } from '@opentelemetry/api';
import { z } from 'zod';
import { createHost, type Host } from './create-host.js';
import { ProblemError } from './http/problem-error.js';
import { zodPipe } from './http/parse.js';
import { createLogger } from './logger.js';
import { startTelemetry, type Telemetry } from './telemetry.js';

const SECRET = 'postgres://app:hush@db';
const TRACE = '0af7651916cd43dd8448eb211c80319c';
let hold: (() => void) | undefined;

@Controller()
class ThingsController {
  @Get('things/:id')
  thing(): object {
    return { traceId: trace.getActiveSpan()?.spanContext().traceId ?? null };
  }

  @Post('things')
  make(@Body(zodPipe(z.strictObject({ name: z.string() }))) body: object): object {
    return body;
  }

  @Post('acts')
  act(): object {
    return { done: true };
  }

  @Get('broken')
  broken(): never {
    throw new Error(`cannot reach ${SECRET}`);
  }

  @Get('conflict')
  conflict(): never {
    throw new ProblemError(409, 'in-flight', 'In flight', 'Wait', {}, { 'retry-after': '1' });
  }

  @Get('slow')
  slow(): Promise<object> {
    return new Promise((resolve) => (hold = () => resolve({ finished: true })));
  }
}

@Module({ controllers: [ThingsController] })
class ThingsModule {}

describe('the host', () => {
  const lines: string[] = [];
  let telemetry: Telemetry;
  let host: Host;
  beforeAll(async () => {
    telemetry = await startTelemetry({ service: 'spec', build: 'spec' });
    host = await createHost({
      module: ThingsModule,
      config: { HOST: '127.0.0.1', PORT: 0 },
      logger: createLogger({
        service: 'spec',
        build: 'spec',
        level: 'info',
        destination: { write: (line) => void lines.push(line) },
      }),
      telemetry,
      bodyLimit: 200,
    });
  });
  afterAll(async () => {
    await host.close();
    await telemetry.shutdown();
  });

  const call = async (path: string, init: RequestInit = {}) => {
    const response = await fetch(host.url + path, init);
    return {
      status: response.status,
      headers: response.headers,
      body: (await response.json()) as Record<string, unknown>,
    };
  };
  const post = (
    body: string | Buffer<ArrayBuffer>,
    type = 'application/json',
    headers: Record<string, string> = {},
    path = '/things',
  ) => call(path, { method: 'POST', body, headers: { 'content-type': type, ...headers } });

  it.each([
    ['404', () => call('/nothing'), 404, 'not-found', '/nothing'],
    ['405', () => call('/things/1', { method: 'DELETE' }), 405, 'method-not-allowed', 'expected GET, HEAD'],
    [
      '413',
      () => post(JSON.stringify({ name: 'x'.repeat(300) })),
      413,
      'body-too-large',
      'Found 311 bytes; expected at most 200',
    ],
    [
      '415',
      () => post('a=b', 'application/x-www-form-urlencoded'),
      415,
      'unsupported-media-type',
      'x-www-form-urlencoded',
    ],
    ['415 for text', () => post('a', 'text/plain'), 415, 'unsupported-media-type', 'text/plain'],
    ['400 for broken JSON', () => post('{"name":\n "a",}'), 400, 'malformed-json', 'line 2, column 6'],
    ['400 for half a JSON', () => post('{"name": "a'), 400, 'malformed-json', ''],
    [
      '400 for bytes that are not UTF-8',
      () => post(Buffer.from('{"name":"\xff\xfe"}', 'latin1')),
      400,
      'malformed-json',
      'byte 10 is not UTF-8 (0xff); expected a JSON document in UTF-8',
    ],
    ['400 for an empty body', () => post(' '), 400, 'malformed-json', 'empty'],
    ['400 for a prototype', () => post('{"__proto__": {}}'), 400, 'malformed-json', '__proto__'],
    ['400 for a repeated key', () => post('{"name":"a","name":"b"}'), 400, 'repeated-key', 'Found name more than once'],
    ['400 for a malformed path', () => call('/%zz'), 400, 'malformed-request', 'path: found /%zz; expected %XX'],
    [
      '400 for a path with a part that is too long',
      () => call(`/things/${'a'.repeat(101)}`),
      400,
      'malformed-request',
      '… (109 characters); expected no part longer than 100 characters',
    ],
    [
      '415 for what is compressed',
      () => post('x', 'application/json', { 'content-encoding': 'gzip' }),
      415,
      'unsupported-content-encoding',
      'gzip',
    ],
    [
      '415 for other characters than UTF-8',
      () => post('{"name": "a"}', 'application/json; charset=utf-16'),
      415,
      'unsupported-charset',
      'Found charset utf-16; expected utf-8, or none',
    ],
    [
      '400 for a query that the handler does not declare',
      () => call('/things/1?x=1'),
      400,
      'invalid-input',
      'query x: unknown field',
    ],
    [
      '400 for one beside a body',
      () => post('{"name": "a"}', 'application/json', {}, '/things?name=a'),
      400,
      'invalid-input',
      'query name',
    ],
    [
      '422 for a body that the handler does not declare',
      () => post('{"x": 1}', 'application/json', {}, '/acts'),
      422,
      'invalid-input',
      'body x: unknown field',
    ],
    [
      '422 for one that is no object',
      () => post('[1]', 'application/json', {}, '/acts'),
      422,
      'invalid-input',
      'found [1]',
    ],
    ['422', () => post('{"name": "a", "other": 1}'), 422, 'invalid-input', 'other'],
    ['500', () => call('/broken'), 500, 'internal-error', 'trace id'],
    ['one of the service', () => call('/conflict'), 409, 'in-flight', 'Wait'],
  ])('answers %s as a problem document', async (_, send, status, type, detail) => {
    const { body, headers, ...answer } = await send();
    expect(answer.status).toBe(status);
    expect(headers.get('content-type')).toMatch('application/problem+json');
    expect(body).toMatchObject({ type: `urn:consent:problem:${type}`, status, title: /./ });
    expect(body['detail']).toContain(detail);
  });

  it('takes an empty body where none is declared, and leaves its own routes lenient', async () => {
    expect(await post('{}', 'application/json', {}, '/acts')).toMatchObject({ status: 201, body: { done: true } });
    expect(await call('/acts', { method: 'POST' })).toMatchObject({ status: 201 });
    expect(await call('/livez?probe=1')).toMatchObject({ status: 200 });
  });

  it('names the allowed methods of a path', async () => {
    const { headers } = await call('/things/1', { method: 'PUT' });
    expect(headers.get('allow')).toBe('GET, HEAD');
    expect((await call('/conflict')).headers.get('retry-after')).toBe('1');
  });

  it('tells the log of a failure, with the trace, and the caller nothing of it', async () => {
    lines.length = 0;
    const { body } = await call('/broken', { headers: { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` } });
    expect(JSON.stringify(body)).not.toContain('hush');
    expect(body['traceId']).toBe(TRACE);
    const logged = lines.map((line) => JSON.parse(line) as { err?: { message: string }; trace_id?: string });
    expect(logged).toMatchObject([{ level: 'error', trace_id: TRACE, err: { message: `cannot reach ${SECRET}` } }]);
  });

  it.each([
    ['by a rule', '{"name": 1}', 422, 'invalid-input'],
    ['before anything else, since it is no JSON', '{"name": ', 400, 'malformed-json'],
  ])(
    'tells the log of a request that is refused %s, with the trace and without the input',
    async (_, body, status, problem) => {
      lines.length = 0;
      const headers = { 'content-type': 'application/json', traceparent: `00-${TRACE}-00f067aa0ba902b7-01` };
      await call('/things', { method: 'POST', body, headers });
      expect(lines.map((line) => JSON.parse(line) as object)).toMatchObject([
        { level: 'info', trace_id: TRACE, method: 'POST', route: '/things', status, problem },
      ]);
      expect(lines.join()).not.toContain('name');
    },
  );

  it('continues the caller’s trace in handlers', async () => {
    const { body } = await call('/things/1', { headers: { traceparent: `00-${TRACE}-00f067aa0ba902b7-01` } });
    expect(body['traceId']).toBe(TRACE);
  });

  it('measures requests by route, never by path', async () => {
    await call('/things/4711');
    const text = await (await fetch(`${host.url}/metrics`)).text();
    expect(text).toContain('http_server_request_duration_seconds_count{method="GET",route="/things/:id",status="200"}');
    expect(text).not.toContain('4711');
    expect(text).toMatch(/process_cpu_seconds_total \d/);
  });

  it('finishes the request in hand when it closes, and waits for no connection on which nothing was asked', async () => {
    const silent = createConnection({ host: '127.0.0.1', port: Number(new URL(host.url).port) });
    await once(silent, 'connect');
    const answer = new Promise<string>((resolve, reject) => {
      request(`${host.url}/slow`, (response) => {
        let text = '';
        response.on('data', (chunk: Buffer) => (text += chunk.toString())).on('end', () => resolve(text));
      })
        .on('error', reject)
        .end();
    });
    while (!hold) await new Promise((resolve) => setImmediate(resolve));
    const closed = host.close();
    expect((await host.health.report('ready')).ok).toBe(false);
    hold();
    expect(JSON.parse(await answer)).toEqual({ finished: true });
    await closed;
    silent.destroy();
  });
});
