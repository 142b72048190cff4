import { z } from 'zod';
import { ask, type Server } from './ask.js';
import { readPages } from './read-pages.js';

const PAGE = 500;

const parked = z.looseObject({
  id: z.union([z.string(), z.number()]).transform(String),
  subjectId: z.string().nullable(),
  scopeId: z.string().nullable(),
  purposeId: z.string().nullable(),
  decisionId: z.string().nullable(),
  version: z.number().nullable(),
  reason: z.string(),
  detail: z.string(),
  parkedAt: z.string(),
  topic: z.string(),
  partition: z.number(),
  offset: z.union([z.string(), z.number()]),
});
export type ParkedDecision = z.infer<typeof parked>;

const effective = z.looseObject({
  subjectId: z.string(),
  scopeId: z.string(),
  purposeId: z.string(),
  allowed: z.boolean(),
  version: z.number(),
  /** Something of it is parked; older builds do not say. */
  heldBack: z.boolean().optional(),
});
export type EffectiveState = z.infer<typeof effective>;

export interface Triple {
  subjectId: string;
  scopeId: string;
  purposeId: string;
}

/** All parked decisions of a system, oldest first. */
export const parkedDecisions = (server: Server): Promise<ParkedDecision[]> =>
  readPages(
    PAGE,
    (row) => row.id,
    (after) => {
      const path = `/v1/parked?limit=${PAGE}${after ? `&after=${after}` : ''}`;
      return ask(server, { path, answer: z.array(parked) });
    },
  );

const released = z.array(z.looseObject({ id: z.string(), outcome: z.string(), reason: z.string().nullable() }));
/** How a parked decision, and what was parked with it, came out; `parked` when it failed again. */
export type Released = z.infer<typeof released>;

/** Applies one parked decision again, and what waits behind it. */
export const release = (server: Server, id: string): Promise<Released> =>
  ask(server, { method: 'POST', path: `/v1/parked/${id}/release`, answer: released });

/** Sends one parked decision through the system's chunk path again. */
export const redrive = (server: Server, id: string): Promise<Released> =>
  ask(server, { method: 'POST', path: `/v1/parked/${id}/redrive`, answer: released });

const discarded = z.looseObject({ id: z.string(), released: z.number() });
/** A record that was set aside, and how many that waited for it were applied again. */
export type Discarded = z.infer<typeof discarded>;

/**
 * Sets a parked record aside that is no decision, and applies again what waited behind it.
 * @param withoutCopy also when the dead-letter topic takes no copy: the system's database keeps it
 */
export const discard = (server: Server, id: string, withoutCopy: boolean): Promise<Discarded> =>
  ask(server, {
    method: 'POST',
    path: `/v1/parked/${id}/discard`,
    ...(withoutCopy ? { body: { withoutCopy } } : {}),
    answer: discarded,
  });

const redriven = z.looseObject({ tried: z.number(), released: z.number(), parked: z.number() });
/** How many were tried again, and how many of them wait still. */
export type Redriven = z.infer<typeof redriven>;

/** Many records take a while. */
const REDRIVE_ALL_MS = 600_000;

/** Sends all parked decisions again, or those parked for one reason. */
export const redriveAll = (server: Server, reason: string | null): Promise<Redriven> =>
  ask(server, {
    method: 'POST',
    path: '/v1/parked/redrive',
    body: reason === null ? {} : { reason },
    timeoutMs: REDRIVE_ALL_MS,
    answer: redriven,
  });

/** What the system really does about these triples. Triples it does not know are absent. */
export const effectiveState = (server: Server, triples: readonly Triple[]): Promise<EffectiveState[]> =>
  ask(server, { method: 'POST', path: '/v1/effective-state', body: { triples }, answer: z.array(effective) });

const consumer = z.looseObject({
  word: z.string(),
  detail: z.string().nullable(),
  parked: z.number().optional(),
  /** That its build has a rule for; older builds do not say. */
  purposes: z.array(z.string()).optional(),
});
/** What a consumer says of itself. */
export type ConsumerReport = z.infer<typeof consumer>;

/** The consumer's own word about itself: running, stalled, breaker-open … */
export const consumerReport = (server: Server, timeoutMs: number): Promise<ConsumerReport> =>
  ask(server, { path: '/v1/consumer', timeoutMs, answer: consumer });
