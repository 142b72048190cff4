import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { context, trace } from '@opentelemetry/api';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type Logger } from '../logger.js';
import { type KnownRoutes } from './known-routes.js';
import { ProblemError } from './problem-error.js';

export const PROBLEM_JSON = 'application/problem+json; charset=utf-8';

/** What a service knows of its own errors: the problem that stands for one, or nothing. */
export type ProblemOf = (error: unknown) => ProblemError | undefined;

/** Answers every error as a problem document. Only what a ProblemError says reaches the caller. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #routes: KnownRoutes;
  readonly #logger: Logger;
  readonly #problemOf: ProblemOf;

  constructor(routes: KnownRoutes, logger: Logger, problemOf: ProblemOf = () => undefined) {
    this.#routes = routes;
    this.#logger = logger;
    this.#problemOf = problemOf;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    if (host.getType() !== 'http') throw error;
    const http = host.switchToHttp();
    this.answer(error, http.getRequest(), http.getResponse());
  }

  /** For routes that Nest does not know, too. */
  answer(error: unknown, request: FastifyRequest, reply: FastifyReply): void {
    const known = error instanceof ProblemError ? error : this.#problemOf(error);
    const problem = known ?? this.#standardProblem(error, request);
    this.#log(request, problem, error);
    sendProblem(reply, problem);
  }

  /** With the trace of the request, also where it is refused before its span is active. No detail: it may repeat the input. */
  #log(request: FastifyRequest, { status, type, title }: ProblemError, error: unknown): void {
    const { method, span } = request;
    const about = { method, route: request.routeOptions?.url, status };
    context.with(span ? trace.setSpan(context.active(), span) : context.active(), () => {
      if (status >= 500) this.#logger.error({ ...about, err: error }, title);
      else this.#logger.info({ ...about, problem: type }, title);
    });
  }

  #standardProblem(error: unknown, request: FastifyRequest): ProblemError {
    const path = request.url.split('?', 1)[0] ?? '/';
    switch (statusOf(error)) {
      case 404: {
        const allowed = this.#routes.methodsOf(path);
        return allowed.length === 0 ? notFound(path) : methodNotAllowed(request.method, path, allowed);
      }
      case 413:
        return bodyTooLarge(request);
      case 415:
        return unsupportedMediaType(request.headers['content-type']);
      case 400:
        return new ProblemError(400, 'malformed-request', 'The request cannot be read', messageOf(error));
      case 503:
        return new ProblemError(503, 'unavailable', 'The service is not available', 'Try again in a moment', {}, AGAIN);
      default:
        return new ProblemError(
          500,
          'internal-error',
          'The service failed',
          'Something unexpected happened; the trace id leads to it in the logs. The request may be sent again',
        );
    }
  }
}

const AGAIN = { 'retry-after': '1' };

/** The status that Nest or Fastify gave an error of theirs; 500 for all others. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const { statusCode, code } = (error ?? {}) as { statusCode?: unknown; code?: unknown };
  return typeof statusCode === 'number' && typeof code === 'string' && code.startsWith('FST_') ? statusCode : 500;
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));

const notFound = (path: string): ProblemError =>
  new ProblemError(404, 'not-found', 'There is nothing here', `No resource has the path ${path}`);

export const methodNotAllowed = (method: string, path: string, allowed: readonly string[]): ProblemError =>
  new ProblemError(
    405,
    'method-not-allowed',
    'The method is not allowed',
    `${path} does not take ${method}; expected ${allowed.join(', ')}`,
    {},
    { allow: allowed.join(', ') },
  );

function bodyTooLarge({ headers, routeOptions }: FastifyRequest): ProblemError {
  const limit = routeOptions?.bodyLimit ?? 0;
  const found = headers['content-length'] ?? `more than ${limit}`;
  return new ProblemError(
    413,
    'body-too-large',
    'The body is too large',
    `Found ${found} bytes; expected at most ${limit}`,
  );
}

const unsupportedMediaType = (found: string | undefined): ProblemError =>
  new ProblemError(
    415,
    'unsupported-media-type',
    'The media type is not supported',
    `Found content-type ${found ?? '(none)'}; expected one that this path documents, such as application/json`,
  );

/** Writes a problem as the answer, with the trace id that the logs have too. */
export function sendProblem(reply: FastifyReply, problem: ProblemError): void {
  const traceId = trace.getActiveSpan()?.spanContext().traceId ?? traceIdOf(reply.request);
  void reply
    .code(problem.status)
    .headers({ ...problem.headers })
    .header('content-type', PROBLEM_JSON)
    .send(JSON.stringify({ ...problem.toDocument(), ...(traceId ? { traceId } : {}) }));
}

const traceIdOf = (request: FastifyRequest): string | undefined => request.span?.spanContext().traceId;
