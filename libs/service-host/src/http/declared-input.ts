import { type CanActivate, type ExecutionContext } from '@nestjs/common';
import { ROUTE_ARGS_METADATA, RouteParamtypes } from '@nestjs/common/internal';
import { type FastifyRequest } from 'fastify';
import { z } from 'zod';
import { parse } from './parse.js';

const NOTHING = z.strictObject({});

/**
 * Refuses query parameters of a handler without `@Query` and fields of a body of one without `@Body`: what would be
 * ignored may be what the caller means. The last of the guards, so that a stranger is told nothing; an interceptor would
 * cost each request a fifth of what it allocates.
 */
export class DeclaredInput implements CanActivate {
  readonly #taken = new WeakMap<object, { query: boolean; body: boolean }>();

  canActivate(context: ExecutionContext): true {
    if (context.getType() === 'http') {
      const { query, body } = context.switchToHttp().getRequest<FastifyRequest>();
      const taken = this.#takenBy(context);
      if (!taken.query) parse(NOTHING, query, 'query');
      if (!taken.body && body !== undefined) parse(NOTHING, body, 'body');
    }
    return true;
  }

  #takenBy(context: ExecutionContext): { query: boolean; body: boolean } {
    const handler = context.getHandler();
    const known = this.#taken.get(handler);
    if (known) return known;
    const taken = { query: declares(context, RouteParamtypes.QUERY), body: declares(context, RouteParamtypes.BODY) };
    this.#taken.set(handler, taken);
    return taken;
  }
}

/** Nest keeps what decorators say of a handler's parameters under `<kind>:<place>`. */
function declares(context: ExecutionContext, kind: RouteParamtypes): boolean {
  const parameters = (Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name) ??
    {}) as object;
  return Object.keys(parameters).some((key) => key.startsWith(`${kind}:`));
}
