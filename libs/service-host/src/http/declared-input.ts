import { type CanActivate, type ExecutionContext, type INestApplication, UseGuards } from '@nestjs/common';
import { PATH_METADATA, ROUTE_ARGS_METADATA, RouteParamtypes } from '@nestjs/common/internal';
import { ModulesContainer } from '@nestjs/core';
import { type FastifyRequest } from 'fastify';
import { z } from 'zod';
import { parse } from './parse.js';

const NOTHING = z.strictObject({});

/**
 * Refuses query parameters of a handler without `@Query` and fields of a body of one without `@Body`: what would be
 * ignored may be what the caller means. An interceptor would cost each request a fifth of what it allocates.
 */
class DeclaredInput implements CanActivate {
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

const declaredInput = new DeclaredInput();
const guarded = new WeakSet<object>();

/** Guards every route, before the application listens. Last of its guards, so that a stranger is told nothing. */
export function refuseUndeclaredInput(app: INestApplication): void {
  for (const { controllers } of app.get(ModulesContainer).values())
    for (const { metatype } of controllers.values()) {
      const prototype = (metatype as { prototype: object }).prototype;
      for (const [name, descriptor] of Object.entries(Object.getOwnPropertyDescriptors(prototype))) {
        const handler: unknown = descriptor.value;
        // The class has a path too, and what guards it goes before its handlers' own.
        if (
          name === 'constructor' ||
          typeof handler !== 'function' ||
          !Reflect.hasMetadata(PATH_METADATA, handler) ||
          guarded.has(handler)
        )
          continue;
        guarded.add(handler);
        UseGuards(declaredInput)(prototype, name, descriptor);
      }
    }
}

/** Nest keeps what decorators say of a handler's parameters under `<kind>:<place>`. */
function declares(context: ExecutionContext, kind: RouteParamtypes): boolean {
  const parameters = (Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name) ??
    {}) as object;
  return Object.keys(parameters).some((key) => key.startsWith(`${kind}:`));
}
