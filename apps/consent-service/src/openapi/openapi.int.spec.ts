import { readFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type SpecData, Validator } from '@seriousme/openapi-schema-validator';
import { z } from 'zod';
import { NDJSON } from '@consent/service-host';
import { type Answer, specApp, type SpecApp, TOKENS } from '../spec-app.js';
import { openApiDocument } from './document.js';
import { type Operation } from './operation.js';
import { OPERATIONS } from './operations.js';

const START_MS = 30_000;

describe('openapi.json', () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  }, START_MS);
  afterAll(() => app.close());

  it('is what the schemas say: run `npm run openapi -w @consent/consent-service`', () => {
    const committed = JSON.parse(readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8')) as unknown;
    expect(committed).toEqual(JSON.parse(JSON.stringify(openApiDocument())));
  });

  it('is valid OpenAPI 3.1', async () => {
    expect(await new Validator().validate(JSON.parse(JSON.stringify(openApiDocument())) as SpecData)).toMatchObject({
      valid: true,
    });
  });

  describe('its examples, sent to the running service', () => {
    const made = { decision: '', replay: '', change: '', objection: '', request: '' };

    const pathOf = ({ path, parameters = [] }: Operation): string => {
      const query = new URLSearchParams();
      let filled = path;
      for (const { name, in: place, example } of parameters) {
        const value = typeof example === 'object' ? made[example.from] : example;
        if (place === 'path') filled = filled.replace(`{${name}}`, value ?? '');
        else if (value !== undefined) query.set(name, value);
      }
      return query.size === 0 ? filled : `${filled}?${query.toString()}`;
    };

    const remember = (
      operation: Operation,
      answer: Answer<{ decisionId?: string; replayId?: string; changeId?: string }>,
    ): void => {
      if (operation.id === 'recordDecisions')
        made.request =
          (answer.body as unknown as { decision: { status: string; decisionId: string } }[]).find(
            ({ decision }) => decision.status === 'requested',
          )?.decision.decisionId ?? '';
      if (operation.id === 'listObjections')
        made.objection = (answer.body as unknown as { objectionId: string }[])[0]?.objectionId ?? '';
      if (operation.id === 'recordDecision') made.decision = answer.body.decisionId ?? '';
      if (operation.id === 'planCatalogueChange') made.change = answer.body.changeId ?? '';
      if (operation.id === 'startReplay') made.replay = answer.body.replayId ?? '';
    };

    it.each(OPERATIONS.map((operation) => [operation.id, operation] as const))(
      '%s answers as described',
      async (_, operation) => {
        const { method, body, answer } = operation;
        const response = await app.call<{ decisionId?: string; changeId?: string }>(
          method.toUpperCase(),
          pathOf(operation),
          {
            ...(body ? { body: body.example } : {}),
            ...(operation.right === null ? { token: null } : {}),
            // Another one than who recorded the objection of the examples.
            ...(operation.right === 'assess' ? { token: TOKENS.office } : {}),
          },
        );
        expect({ status: response.status, body: response.text }).toMatchObject({
          status: operation.exampleStatus ?? answer.status,
        });
        if (operation.exampleStatus) return;
        expect(response.headers.get('content-type')).toContain('application/json');
        const schema = answer.many ? z.array(answer.schema) : answer.schema;
        expect(schema.safeParse(response.body)).toMatchObject({ success: true });
        remember(operation, response);
      },
    );

    it.each(OPERATIONS.filter(({ body }) => body?.many).map((operation) => [operation.id, operation] as const))(
      '%s takes its example as NDJSON too and answers in NDJSON',
      async (_, operation) => {
        const lines = operation.body?.example as readonly object[];
        const response = await app.call<string>('POST', operation.path, {
          raw: lines.map((line) => JSON.stringify(line)).join('\n'),
          headers: { 'content-type': NDJSON },
        });
        expect(response.status).toBe(200);
        expect(response.headers.get('content-type')).toContain(NDJSON);
        const answered = response.body
          .trim()
          .split('\n')
          .map((line) => JSON.parse(line) as { status: number });
        expect(answered).toHaveLength(lines.length);
        for (const line of answered) {
          expect(line.status).toBeLessThan(300);
          expect(operation.answer.schema.safeParse(line)).toMatchObject({ success: true });
        }
      },
    );
  });

  it('describes every route of the service', async () => {
    const described = OPERATIONS.map(({ method, path }) => `${method.toUpperCase()} ${path}`);
    for (const { method, path, right } of OPERATIONS) {
      if (right === null) continue;
      const answer = await app.call(method.toUpperCase(), path.replace('{id}', 'x'), { token: null });
      expect([`${method.toUpperCase()} ${path}`, answer.status]).toEqual([`${method.toUpperCase()} ${path}`, 401]);
    }
    const tree = app.host.app.getHttpAdapter().getInstance().printRoutes({ commonPrefix: false });
    const routes = tree.match(/\((GET|POST|PUT)[^)]*\)/g) ?? [];
    const operations = ['/livez', '/readyz', '/startupz', '/metrics', '/openapi.json'].length;
    expect(routes).toHaveLength(new Set(described).size + operations);
  });
});
