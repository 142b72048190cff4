import { exchange } from '@consent/kafka';
import { z } from 'zod';
import { type LedgerSlice, SLICE_MS, type Span } from './slices.js';

/** Why the ledger could not be held against the topic. */
export type Unchecked =
  | 'not-configured'
  | 'not-yet'
  | 'unreachable'
  | 'unauthorised'
  | 'unexpected-answer'
  | 'no-heartbeats'
  | 'transaction-open'
  | 'monitor-behind'
  | 'stale'
  | 'failed';

/** The check could not be made; says nothing about the ledger. */
export class CouldNotCheck extends Error {
  override name = 'CouldNotCheck';
  constructor(
    readonly reason: Unchecked,
    detail: string,
    options?: ErrorOptions,
  ) {
    super(detail, options);
  }
}

export interface LedgerAnswer {
  /** Clock of the ledger's database, before it was read. */
  asOf: number;
  /** Nothing more will be committed at a moment before it. */
  settledUntil: number;
  slices: LedgerSlice[];
}

/** Asks for the slices of a span. @throws CouldNotCheck */
export type AskLedger = (span: Span) => Promise<LedgerAnswer>;

const PATIENCE_MS = 15_000;
const moment = z.iso.datetime().transform((text) => Date.parse(text));
const answer = z.object({
  asOf: moment,
  settledUntil: moment,
  sliceMs: z.literal(SLICE_MS),
  slices: z.array(
    z.object({
      start: moment,
      bucket: z.int().min(0),
      decisions: z.int().min(0),
      waiting: z.int().min(0),
      idSum: z.int().min(0),
    }),
  ),
});

/** @param token of a caller with the right to read */
export const askLedger =
  (serviceUrl: string, token: string): AskLedger =>
  async ({ since, until }) => {
    const [from, to] = [since, until].map((at) => encodeURIComponent(new Date(at).toISOString()));
    const url = `${serviceUrl.replace(/\/+$/, '')}/v1/ledger/digest/slices?since=${from}&until=${to}`;
    const { status, text } = await get(url, token);
    if (status === 401 || status === 403)
      throw new CouldNotCheck('unauthorised', `${url} answers ${status}: CONSENT_TOKEN needs the right "read"`);
    if (status === 429 || status >= 500) throw new CouldNotCheck('unreachable', `${url} answers ${status}`);
    const read = status === 200 ? answer.safeParse(jsonOf(text)) : null;
    if (!read?.success)
      throw new CouldNotCheck(
        'unexpected-answer',
        `${url} answers ${status}, expected slices of ${SLICE_MS} ms: ${read?.error.message ?? text.slice(0, 200)}`,
      );
    const { slices, ...clock } = read.data;
    return { ...clock, slices: slices.map(({ bucket, ...slice }) => ({ ...slice, partition: bucket })) };
  };

async function get(url: string, token: string): Promise<{ status: number; text: string }> {
  try {
    return await exchange(url, { headers: { authorization: `Bearer ${token}` }, timeoutMs: PATIENCE_MS });
  } catch (cause) {
    throw new CouldNotCheck('unreachable', `${url} does not answer: ${String(cause)}`, { cause });
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
