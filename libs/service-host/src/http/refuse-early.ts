import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { type KnownRoutes } from './known-routes.js';
import { methodNotAllowed } from './problem-filter.js';
import { ProblemError } from './problem-error.js';

/**
 * Refuses before any guard a request without Host (RFC 9112, section 3.2), and a method that a path does not take although
 * a wider route would: `GET /things/all` asks for no thing with the id `all`.
 */
export function refuseEarly(instance: FastifyInstance, routes: KnownRoutes): void {
  instance.addHook('onRequest', (request, _reply, done) => {
    if (request.raw.httpVersion === '1.1' && request.headers.host === undefined) done(hostMissing());
    else done(request.is404 ? undefined : otherMethod(request, routes));
  });
}

const hostMissing = (): ProblemError =>
  new ProblemError(
    400,
    'malformed-request',
    'The request cannot be read',
    'header host: is missing; expected the host and port that the request is meant for',
  );

function otherMethod(request: FastifyRequest, routes: KnownRoutes): ProblemError | undefined {
  if (!routes.hasRival(request.routeOptions.url ?? '')) return undefined;
  const { method, url } = request;
  const path = url.split('?', 1)[0] ?? '/';
  const allowed = routes.methodsOf(path);
  return allowed.length === 0 || allowed.includes(method) ? undefined : methodNotAllowed(method, path, allowed);
}
