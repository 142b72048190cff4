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

const done = z.looseObject({});
const post = (server: Server, path: string): Promise<Record<string, unknown>> =>
  ask(server, { method: 'POST', path, answer: done });

/** Applies one parked decision again. */
export const release = (server: Server, id: string): Promise<Record<string, unknown>> =>
  post(server, `/v1/parked/${id}/release`);

/** Sends one parked decision, or all of them, through the system's chunk path again. */
export const redrive = (server: Server, id?: string): Promise<Record<string, unknown>> =>
  post(server, id === undefined ? '/v1/parked/redrive' : `/v1/parked/${id}/redrive`);

/** What the system really does about these triples. Triples it does not know are absent. */
export const effectiveState = (server: Server, triples: readonly Triple[]): Promise<EffectiveState[]> =>
  ask(server, { method: 'POST', path: '/v1/effective-state', body: { triples }, answer: z.array(effective) });

/** The consumer's own words about itself: running, stalled, breaker-open … */
export const consumerWords = (server: Server): Promise<Record<string, unknown>> =>
  ask(server, { path: '/v1/consumer', answer: done });
