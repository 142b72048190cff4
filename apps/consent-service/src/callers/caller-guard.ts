import { type CanActivate, type ExecutionContext, Inject, Injectable, SetMetadata } from '@nestjs/common';
import { createParamDecorator } from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { ProblemError } from '@consent/service-host';
import { type FastifyRequest } from 'fastify';
import { type Caller, Callers, type Right } from './callers.js';

declare module 'fastify' {
  interface FastifyRequest {
    caller?: Caller;
  }
}

const RIGHT = 'consent:right';
const OPEN = 'open';

/** What a caller must be allowed to. A route without it answers nobody. */
export const May = (right: Right): ReturnType<typeof SetMetadata> => SetMetadata(RIGHT, right);
/** A route that needs no token: the catalogue and the description of the API, which hold no personal data. */
export const OpenToAll = (): ReturnType<typeof SetMetadata> => SetMetadata(RIGHT, OPEN);

/** The authenticated caller of the request. */
export const TheCaller = createParamDecorator((_: unknown, context: ExecutionContext): Caller => {
  const { caller } = context.switchToHttp().getRequest<FastifyRequest>();
  if (!caller) throw new Error('This route has no caller: give it @May');
  return caller;
});

@Injectable()
export class CallerGuard implements CanActivate {
  readonly #callers: Callers;
  readonly #reflector: Reflector;

  constructor(@Inject(Callers) callers: Callers, @Inject(Reflector) reflector: Reflector) {
    this.#callers = callers;
    this.#reflector = reflector;
  }

  canActivate(context: ExecutionContext): boolean {
    const right = this.#reflector.getAllAndOverride<Right | typeof OPEN | undefined>(RIGHT, [
      context.getHandler(),
      context.getClass(),
    ]);
    if (right === OPEN) return true;
    const request = context.switchToHttp().getRequest<FastifyRequest>();
    const caller = this.#callers.authenticate(request.headers.authorization);
    if (!caller) throw unauthenticated(request.headers.authorization);
    if (right === undefined || !caller.may.includes(right))
      throw new ProblemError(
        403,
        'forbidden',
        'The caller may not do this',
        `${caller.name} lacks the right '${right ?? 'none'}'; it has ${caller.may.join(', ')}`,
      );
    request.caller = caller;
    return true;
  }
}

const unauthenticated = (header: string | undefined): ProblemError =>
  new ProblemError(
    401,
    'unauthenticated',
    'A bearer token is needed',
    `${header === undefined ? 'Found no Authorization header' : 'The Authorization header holds no token known here'}; expected 'Authorization: Bearer <token>'`,
    {},
    { 'www-authenticate': 'Bearer realm="consent-service"' },
  );
