import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { markRefused } from './mark-refused.js';
import { ProblemError } from './problem-error.js';
import { refusedKey } from './refused-key.js';
import { unreadableJson } from './unreadable-json.js';
import { readUtf8 } from './utf8.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Of a JSON body, as it was sent. */
    jsonBytes?: Buffer;
  }
}

/**
 * JSON bodies, with errors that say where. Keys that reach for an object's prototype are refused, and those that are repeated; in an
 * array only the entry with them. No other media type is taken unless a service adds it, and none that is compressed or in other characters than UTF-8.
 */
export function takeJsonOnly(instance: FastifyInstance): void {
  instance.addHook('preParsing', (request, _reply, _payload, done) => {
    const coding = request.headers['content-encoding'] ?? 'identity';
    const charset = CHARSET.exec(request.headers['content-type'] ?? '')?.[1] ?? 'utf-8';
    if (coding !== 'identity') done(compressed(coding));
    else done(/^utf-?8$/i.test(charset) ? null : otherCharacters(charset));
  });
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser<Buffer>('application/json', { parseAs: 'buffer' }, (request, bytes, done) => {
    const { text: body, wrong } = readUtf8(bytes);
    if (wrong !== undefined) return done(malformed(`${wrong}; expected a JSON document in UTF-8`));
    if (body.trim() === '') return done(malformed('the body is empty; expected a JSON document'));
    let parsed: unknown;
    try {
      parsed = JSON.parse(body);
    } catch (error) {
      return done(malformed(`${unreadableJson(body, error, 'the body')}; expected a JSON document`));
    }
    request.jsonBytes = bytes;
    const refused = refusedKey(body, parsed);
    if (refused && Array.isArray(parsed)) done(null, markRefused(body, parsed));
    else done(refused, parsed);
  });
}

/** The body as it was sent, before it was read; empty without one. */
export const bytesOf = ({ body, jsonBytes }: FastifyRequest): Buffer =>
  Buffer.isBuffer(body) ? body : (jsonBytes ?? Buffer.alloc(0));

const CHARSET = /;\s*charset="?([^";\s]+)/i;

const otherCharacters = (charset: string): ProblemError =>
  new ProblemError(
    415,
    'unsupported-charset',
    'The characters are not supported',
    `Found charset ${charset}; expected utf-8, or none`,
  );

const compressed = (coding: string): ProblemError =>
  new ProblemError(
    415,
    'unsupported-content-encoding',
    'The content encoding is not supported',
    `Found content-encoding ${coding}; expected a body that is not compressed`,
    {},
    { 'accept-encoding': 'identity' },
  );

const malformed = (detail: string): ProblemError =>
  new ProblemError(400, 'malformed-json', 'The body is not JSON', detail);
