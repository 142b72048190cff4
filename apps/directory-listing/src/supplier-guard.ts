import { createHash, timingSafeEqual } from 'node:crypto';
import { ProblemError } from '@consent/service-host';
import { type CanActivate, type ExecutionContext, Inject, Injectable } from '@nestjs/common';

/** SHA-256, in hex, of each supplier's token; undefined where feeds need none. */
export type SupplierTokens = Readonly<Record<string, string>> | undefined;
export const SUPPLIER_TOKENS = Symbol('SHA-256 of the tokens of suppliers');

/** Lets a feed pass only with the token of the supplier in whose name it comes, when tokens are configured. */
@Injectable()
export class SupplierGuard implements CanActivate {
  constructor(@Inject(SUPPLIER_TOKENS) private readonly tokens: SupplierTokens) {}

  canActivate(context: ExecutionContext): boolean {
    if (this.tokens === undefined) return true;
    const { headers, params } = context
      .switchToHttp()
      .getRequest<{ headers: { authorization?: string }; params: { supplier: string } }>();
    const token = /^Bearer (.+)$/.exec(headers.authorization ?? '')?.[1];
    const expected = Object.hasOwn(this.tokens, params.supplier) ? this.tokens[params.supplier] : undefined;
    if (token !== undefined && expected !== undefined && timingSafeEqual(sha256(token), Buffer.from(expected, 'hex')))
      return true;
    throw new ProblemError(
      401,
      'unauthenticated',
      'The caller is not authorised',
      `${token === undefined ? 'no bearer token was sent' : 'the bearer token is not this supplier’s'}; expected Authorization: Bearer <token of the supplier>`,
      {},
      { 'www-authenticate': 'Bearer' },
    );
  }
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();
