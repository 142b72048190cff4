import { z } from 'zod';
import { ask, type Server } from './ask.js';

/** A request of a full batch may wait for locks and a busy database. */
const BATCH_TIMEOUT_MS = 60_000;

const problem = z.looseObject({ type: z.string(), title: z.string(), status: z.number(), detail: z.string() });
const lineAnswer = z.looseObject({
  line: z.number(),
  status: z.number(),
  changes: z.number().optional(),
  problem: problem.optional(),
});
export type LineAnswer = z.infer<typeof lineAnswer>;
export type LineProblem = z.infer<typeof problem>;

/** Sends lines of facts in one transaction; each is answered. The same key again is the same request. */
export const sendFacts = (server: Server, lines: readonly string[], key: string): Promise<LineAnswer[]> =>
  ask(server, {
    method: 'POST',
    path: '/v1/facts/batch',
    lines: lines.join('\n'),
    headers: { 'idempotency-key': key },
    timeoutMs: BATCH_TIMEOUT_MS,
    answer: z.array(lineAnswer).length(lines.length),
  });

const transfer = z.looseObject({
  scopeId: z.string(),
  fromSubjectId: z.string(),
  toSubjectId: z.string(),
  newScopeId: z.string(),
  closed: z.number(),
});
export type TransferAnswer = z.infer<typeof transfer>;

/** A scope passes to one holder once, so that the same command again is the same request. */
export const orderTransfer = (
  server: Server,
  scopeId: string,
  body: { toSubjectId: string; brand?: string },
): Promise<TransferAnswer> =>
  ask(server, {
    method: 'POST',
    path: `/v1/scopes/${scopeId}/transfer`,
    body,
    headers: { 'idempotency-key': `transfer:${scopeId}:${body.toSubjectId}` },
    answer: transfer,
  });
