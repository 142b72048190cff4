import { type CanActivate, type ExecutionContext, type INestApplication, UseGuards } from '@nestjs/common';
import { PATH_METADATA, ROUTE_ARGS_METADATA, RouteParamtypes } from '@nestjs/common/internal';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
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
    const { query, body } = context.switchToHttp().getRequest<FastifyRequest>();
    const taken = this.#takenBy(context);
    if (!taken.query) parse(NOTHING, query, 'query');
    if (!taken.body && body !== undefined) parse(NOTHING, body, 'body');
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
/** Handlers that have it: the classes are those of every host of a process. */
const guarded = new WeakSet<object>();

/** Guards every route, before the application listens. Last of its guards, so that a stranger is told nothing. */
export function refuseUndeclaredInput(app: INestApplication): void {
  const scanner = new MetadataScanner();
  const controllers = [...app.get(ModulesContainer).values()].flatMap((module) => [...module.controllers.values()]);
  for (const { metatype } of controllers) {
    const prototype = (metatype as { prototype: Record<string, object> }).prototype;
    for (const name of scanner.getAllMethodNames(prototype)) {
      const handler = prototype[name];
      if (handler === undefined || !Reflect.hasMetadata(PATH_METADATA, handler) || guarded.has(handler)) continue;
      guarded.add(handler);
      UseGuards(declaredInput)(prototype, name, { value: handler });
    }
  }
}

/** Nest keeps what decorators say of a handler's parameters under `<kind>:<place>`. */
function declares(context: ExecutionContext, kind: RouteParamtypes): boolean {
  const parameters = (Reflect.getMetadata(ROUTE_ARGS_METADATA, context.getClass(), context.getHandler().name) ??
    {}) as object;
  return Object.keys(parameters).some((key) => key.startsWith(`${kind}:`));
}
