import { z } from 'zod';
import { ask, type Server } from './ask.js';
import { readPages } from './read-pages.js';

const PAGE = 1000;

const answer = z.looseObject({
  systemId: z.string(),
  state: z.string(),
  appliedAt: z.string().nullable().optional(),
  acknowledgedAt: z.string().nullable().optional(),
  lagMs: z.number().nullable().optional(),
  effects: z
    .array(z.looseObject({ effect: z.string(), count: z.number() }))
    .nullable()
    .optional(),
  applyBy: z.string().nullable().optional(),
});
/** One system's answer to one decision, as the monitor knows it. */
export type SystemAnswer = z.infer<typeof answer>;

const propagation = z.looseObject({
  decisionId: z.string(),
  version: z.number(),
  subjectId: z.string().optional(),
  purposeId: z.string().optional(),
  scopeId: z.string().optional(),
  systems: z.array(answer),
});
export type Propagation = z.infer<typeof propagation>;

const quantiles = z.looseObject({
  p50: z.number().nullable(),
  p95: z.number().nullable(),
  p99: z.number().nullable(),
});
const system = z.looseObject({
  systemId: z.string(),
  word: z.string(),
  applied: z.number(),
  pending: z.number(),
  overdue: z.number(),
  parked: z.number(),
  superseded: z.number(),
  conflicts: z.number(),
  rejected: z.number(),
  oldestUnacknowledgedAgeMs: z.number().nullable(),
  appliedPerSecond: z.number().nullable(),
  lag: z.looseObject({ closing: quantiles, opening: quantiles }),
  lastEffect: z.looseObject({ effect: z.string(), count: z.number(), at: z.string() }).nullable(),
  heartbeat: z.looseObject({ ageMs: z.number().nullable(), lost: z.number() }),
});
export type SystemStatus = z.infer<typeof system>;

const pipeline = z.looseObject({
  systems: z.array(system),
  monitor: z.looseObject({
    unreadDecisions: z.number(),
    behind: z.boolean(),
    countedUntil: z.iso.datetime().nullable(),
  }),
  ledger: z.looseObject({
    word: z.string(),
    reason: z.string().nullable(),
    missing: z.number().nullable(),
    unrecorded: z.number().nullable(),
    waiting: z.number().nullable(),
    checkedAt: z.string().nullable(),
  }),
  relay: z.looseObject({
    ageMs: z.number().nullable(),
    stuck: z.boolean(),
    /** running, stuck or unknown; older monitors do not say. */
    word: z.string().optional(),
  }),
});
export type PipelineStatus = z.infer<typeof pipeline>;

export const pipelineStatus = (server: Server): Promise<PipelineStatus> =>
  ask(server, { path: '/v1/status', answer: pipeline });

/** Every system's answer to one decision. */
export const propagationOf = (server: Server, decisionId: string): Promise<Propagation> =>
  ask(server, { path: `/v1/decisions/${decisionId}`, answer: propagation });

/** Every system's answer to every decision of one subject that the monitor still keeps, newest first. */
export const propagationOfSubject = (server: Server, subjectId: string): Promise<Propagation[]> =>
  readPages(
    PAGE,
    (row) => String(row.version),
    (before) => {
      const path = `/v1/subjects/${subjectId}?limit=${PAGE}${before ? `&before=${before}` : ''}`;
      return ask(server, { path, answer: z.array(propagation) });
    },
  );

/** All decisions that the system has not acknowledged, oldest first. */
export const unacknowledged = (server: Server, systemId: string): Promise<string[]> =>
  readPages(
    PAGE,
    (id) => id,
    (after) => {
      const path = `/v1/systems/${systemId}/unacknowledged?limit=${PAGE}${after ? `&after=${after}` : ''}`;
      return ask(server, { path, answer: z.array(z.string()) });
    },
  );

const openPair = z.looseObject({ decisionId: z.string(), since: z.string() });
/** A decision that a system has not complied with, and since when. */
export type OpenPair = z.infer<typeof openPair>;

/** All decisions whose version another one has, as the system says, oldest first. */
export const conflictsOf = (server: Server, systemId: string): Promise<OpenPair[]> =>
  readPages(
    PAGE,
    (pair) => pair.decisionId,
    (after) => {
      const path = `/v1/systems/${systemId}/open-pairs?state=conflict&limit=${PAGE}${after ? `&after=${after}` : ''}`;
      return ask(server, { path, answer: z.array(openPair) });
    },
  );
