import { createHash } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { type ProblemError } from '@consent/service-host';
import { type ExecutionContext } from '@nestjs/common';
import { OpsGuard } from './ops-guard.js';

const HASH = createHash('sha256').update('let-me-in').digest('hex');

const asked = (authorization?: string): ExecutionContext =>
  ({ switchToHttp: () => ({ getRequest: () => ({ headers: { authorization } }) }) }) as ExecutionContext;

function refusalOf(expected: string | undefined, authorization?: string): ProblemError {
  try {
    new OpsGuard(expected).canActivate(asked(authorization));
  } catch (error) {
    return error as ProblemError;
  }
  throw new Error('It passed');
}

describe('the operators’ guard', () => {
  it('lets the right token pass', () => {
    expect(new OpsGuard(HASH).canActivate(asked('Bearer let-me-in'))).toBe(true);
  });

  it.each([[undefined], ['Bearer wrong'], ['Bearer '], ['let-me-in'], [`Bearer ${HASH}`]])(
    'refuses %p, and says what is expected',
    (authorization) => {
      const { status, detail } = refusalOf(HASH, authorization);
      expect(status).toBe(401);
      expect(detail).toContain('expected Authorization: Bearer');
    },
  );

  it.each([[undefined], ['Bearer let-me-in']])('refuses %p where no token is configured', (authorization) => {
    const { status, detail } = refusalOf(undefined, authorization);
    expect(status).toBe(403);
    expect(detail).toContain('OPS_TOKEN_SHA256 is not set');
  });
});
