import { type IncomingMessage } from 'node:http';
import { NotFoundException } from '@nestjs/common';
import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type KnownRoutes } from './known-routes.js';
import { methodNotAllowed } from './problem-filter.js';
import { ProblemError } from './problem-error.js';

/**
 * Refuses before any guard, and before a body is looked at, a request that does not name one host (RFC 9112, section 3.2),
 * one to no path, and a method that a path does not take although a wider route would: `GET /things/all` asks for no thing
 * with the id `all`.
 */
export function refuseEarly(instance: FastifyInstance, routes: KnownRoutes): void {
  instance.addHook('onRequest', (request, _reply, done) => {
    done(wrongHost(request.raw) ?? (request.is404 ? new NotFoundException() : otherMethod(request, routes)));
  });
}

/** A name, an address or an IP literal, and a port (RFC 3986, section 3.2); empty where the caller knows no name. */
const HOST = /^(\[[\da-z:.]+\]|([\w.~!$&'()*+,;=-]|%[\da-f]{2})*)(:\d*)?$/i;
const FOUND_LIMIT = 60;

function wrongHost({ httpVersion, headers: { host }, rawHeaders }: IncomingMessage): ProblemError | undefined {
  if (host === undefined) return httpVersion === '1.0' ? undefined : notOneHost('is missing');
  if (!HOST.test(host)) return notOneHost(`found ${JSON.stringify(host.slice(0, FOUND_LIMIT))}`);
  const found = rawHeaders.filter((text, index) => index % 2 === 0 && text.toLowerCase() === 'host').length;
  return found > 1 ? notOneHost(`found ${found} of it`) : undefined;
}

const notOneHost = (found: string): ProblemError =>
  new ProblemError(
    400,
    'malformed-request',
    'The request cannot be read',
    `header host: ${found}; expected the host and port that the request is meant for`,
  );

function otherMethod(request: FastifyRequest, routes: KnownRoutes): ProblemError | undefined {
  if (!routes.hasRival(request.routeOptions.url ?? '')) return undefined;
  const { method, url } = request;
  const path = url.split('?', 1)[0] ?? '/';
  const allowed = routes.methodsOf(path);
  return allowed.length === 0 || allowed.includes(method) ? undefined : methodNotAllowed(method, path, allowed);
}
