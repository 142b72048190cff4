import { type CallHandler, type ExecutionContext, type NestInterceptor } from '@nestjs/common';
import { ROUTE_ARGS_METADATA, RouteParamtypes } from '@nestjs/common/internal';
import { type FastifyRequest } from 'fastify';
import { type Observable } from 'rxjs';
import { z } from 'zod';
import { parse } from './parse.js';

const NOTHING = z.strictObject({});

/**
 * Refuses query parameters of a handler without `@Query` and fields of a body of one without `@Body`: what would be
 * ignored may be what the caller means. Runs after the guards, so that a stranger is told nothing.
 */
export class DeclaredInput implements NestInterceptor {
  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    if (context.getType() === 'http') {
      const { query, body } = context.switchToHttp().getRequest<FastifyRequest>();
      if (!declares(context, RouteParamtypes.QUERY)) parse(NOTHING, query, 'query');
      if (!declares(context, RouteParamtypes.BODY)) parse(NOTHING, body ?? {}, 'body');
    }
    return next.handle();
  }
}

/** Nest keeps what decorators say of a handler's parameters under `<kind>:<place>`. */
function declares(context: ExecutionContext, kind: RouteParamtypes): boolean {
  const parameters = (Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name) ??
    {}) as object;
  return Object.keys(parameters).some((key) => key.startsWith(`${kind}:`));
}
