import { z } from 'zod';
import { idempotencyKey } from '../http/schemas/common.js';
import { NDJSON } from '@consent/service-host';
import { problem } from './answers.js';
import { type Operation, type Parameter } from './operation.js';
import { OPERATIONS } from './operations.js';

const JSON_TYPE = 'application/json';
type Json = Record<string, unknown>;

/** The OpenAPI 3.1 description, made of the very schemas that check requests. */
export function openApiDocument(): Json {
  const schemas: Json = { Problem: inputSchema(problem) };
  const paths: Record<string, Json> = {};
  for (const operation of OPERATIONS) {
    const { path, method, body, answer } = operation;
    if (body) schemas[body.name] = inputSchema(body.schema);
    schemas[answer.name] = inputSchema(answer.schema);
    paths[path] = { ...paths[path], [method]: operationObject(operation) };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'consent-service',
      version: '1',
      summary: 'Records consent decisions in an append-only ledger and answers "may I?"',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      schemas,
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
      responses: {
        Problem: {
          description: 'What is wrong, where, and what is expected',
          content: { 'application/problem+json': { schema: ref('Problem') } },
        },
      },
    },
  };
}

function operationObject({ id, summary, right, parameters = [], idempotent, body, answer }: Operation): Json {
  return {
    operationId: id,
    summary,
    ...(right === null ? { security: [] } : { security: [{ bearer: [] }], 'x-right': right }),
    parameters: [
      ...parameters.map(parameterObject),
      ...(idempotent
        ? [
            {
              name: 'Idempotency-Key',
              in: 'header',
              required: true,
              description: 'New for each request, the same when a request is sent again, byte for byte.',
              schema: inputSchema(idempotencyKey),
            },
          ]
        : []),
    ],
    ...(body ? { requestBody: { required: true, content: contentOf(body.name, body.many, body.example) } } : {}),
    responses: {
      [answer.status]: { description: 'As asked', content: contentOf(answer.name, answer.many) },
      default: { $ref: '#/components/responses/Problem' },
    },
  };
}

const parameterObject = ({ name, in: place, schema, description, example }: Parameter): Json => ({
  name,
  in: place,
  ...(place === 'path' ? { required: true } : {}),
  description,
  schema: inputSchema(schema),
  ...(typeof example === 'string' ? { example } : {}),
});

/** Of many: an array, or NDJSON with one of it a line. */
function contentOf(name: string, many = false, example?: unknown): Json {
  const given = example === undefined ? {} : { example };
  if (!many) return { [JSON_TYPE]: { schema: ref(name), ...given } };
  return {
    [JSON_TYPE]: { schema: { type: 'array', items: ref(name) }, ...given },
    ...(Array.isArray(example)
      ? { [NDJSON]: { schema: ref(name), example: example.map((line) => JSON.stringify(line)).join('\n') } }
      : {}),
  };
}

const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });

function inputSchema(schema: z.ZodType): Json {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io: 'input' }) as Json;
  void $schema;
  return rest;
}
