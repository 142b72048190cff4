import { createHash, timingSafeEqual } from 'node:crypto';
import { ProblemError } from '@consent/service-host';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';
import { OPS_TOKEN_HASH } from './tokens.js';

/** Lets operators' writes pass with the right bearer token. Where none is configured, nothing is written. */
@Injectable()
export class OpsGuard implements CanActivate {
  constructor(@Inject(OPS_TOKEN_HASH) private readonly expected: string | undefined) {}

  /** @throws ProblemError 401 without the right token, 403 when this service knows none */
  canActivate(context: ExecutionContext): boolean {
    if (this.expected === undefined)
      throw new ProblemError(
        403,
        'no-operators',
        'Nobody may do this here',
        'OPS_TOKEN_SHA256 is not set; expected the SHA-256 of the operators’ token in the environment of this service',
      );
    const { authorization } = context.switchToHttp().getRequest<{ headers: { authorization?: string } }>().headers;
    const token = /^Bearer (.+)$/.exec(authorization ?? '')?.[1];
    if (token !== undefined && timingSafeEqual(sha256(token), Buffer.from(this.expected, 'hex'))) return true;
    throw new ProblemError(
      401,
      'unauthenticated',
      'The caller is not authorised',
      `${token === undefined ? 'no bearer token was sent' : 'the bearer token is not known'}; expected Authorization: Bearer <operators' token>`,
    );
  }
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
