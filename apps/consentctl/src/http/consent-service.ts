import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ask, type Server } from './ask.js';
import { readPages } from './read-pages.js';

/** Decision ids in one question about heads; the server takes ten times as many. */
export const IDS_A_REQUEST = 1000;
/** Most decision ids in one replay, the server's own limit. */
export const IDS_A_REPLAY = 10_000;
const PAGE = 500;

const scope = z.looseObject({ level: z.string(), id: z.string() });
const permission = z.looseObject({
  allowed: z.boolean(),
  reason: z.string(),
  nextChangeAt: z.string().nullable().optional(),
});
/** A decision as a write answers it. */
export const recorded = z.looseObject({
  decisionId: z.string(),
  subjectId: z.string(),
  version: z.number(),
  scope,
  purposeId: z.string(),
  status: z.string(),
  direction: z.string(),
  effective: z.boolean(),
  permission,
  decidedAt: z.string(),
  receivedAt: z.string(),
  committedAt: z.string(),
  systems: z.array(z.looseObject({ systemId: z.string(), applyBy: z.string() })),
});
export type RecordedDecision = z.infer<typeof recorded>;
/** As reads answer it: with who or what made the entry. */
const decision = recorded.extend({ cause: z.string() });
export type Decision = z.infer<typeof decision>;

const replayPlan = z.looseObject({
  replayId: z.string().nullable(),
  decisions: z.number(),
  subjects: z.number(),
  perPurpose: z.record(z.string(), z.number()),
});
export type ReplayPlan = z.infer<typeof replayPlan>;

const replayRun = z.looseObject({
  system: z.string(),
  mode: z.string(),
  select: z.looseObject({ subject: z.string().optional(), decisionIds: z.array(z.string()).optional() }),
  state: z.enum(['running', 'enqueued', 'done']),
  planned: z.number(),
  enqueued: z.number(),
});
export type ReplayRun = z.infer<typeof replayRun>;

const head = z.looseObject({
  decisionId: z.string(),
  subjectId: z.string(),
  scopeId: z.string(),
  purposeId: z.string(),
  allowed: z.boolean(),
  version: z.number(),
  effective: z.boolean(),
  versionInForce: z.number().nullable(),
  systems: z.array(z.string()),
});
export type LedgerHead = z.infer<typeof head>;

const MOMENT = encodeURIComponent('1970-01-01T00:00:00.000Z');
const clock = z.looseObject({ asOf: z.iso.datetime() });

/** The clock of the ledger's database. What was accepted before this question is committed before it. Epoch milliseconds. */
export const ledgerClock = async (server: Server): Promise<number> => {
  const path = `/v1/ledger/digest/slices?since=${MOMENT}&until=${MOMENT.replace('.000Z', '.001Z')}`;
  return Date.parse((await ask(server, { path, answer: clock })).asOf);
};

const purpose = z.looseObject({
  id: z.string(),
  title: z.looseObject({ en: z.string() }),
  choiceModel: z.string(),
  defaultAllowed: z.boolean().nullable(),
  systems: z.array(z.string()),
});
export type Purpose = z.infer<typeof purpose>;

export type Selection = { decisionIds: string[] } | { subject: string } | { purpose: string } | { since: string };

export interface ReplayOrder {
  system: string;
  mode: 'redeliver' | 'repair';
  select: Selection;
  dryRun: boolean;
}

/** Plans a replay, or starts one. The key makes a repeated request the same replay. */
export const orderReplay = (server: Server, order: ReplayOrder): Promise<ReplayPlan> =>
  ask(server, {
    method: 'POST',
    path: '/v1/replays',
    body: order,
    headers: { 'idempotency-key': randomUUID() },
    answer: replayPlan,
  });

export const replayRunOf = (server: Server, replayId: string): Promise<ReplayRun> =>
  ask(server, { path: `/v1/replays/${replayId}`, answer: replayRun });

/** The frozen list of a replay, in the order in which it is sent. */
export const replayDecisionIds = (server: Server, replayId: string): Promise<string[]> =>
  readPages(
    IDS_A_REQUEST,
    (id) => id,
    (after) => {
      const path = `/v1/replays/${replayId}/decisions?limit=${IDS_A_REQUEST}${after ? `&after=${after}` : ''}`;
      return ask(server, { path, answer: z.array(z.string()) });
    },
  );

/** The ledger's newest truth of each triple that the decisions moved. */
export const ledgerHeads = (server: Server, decisionIds: readonly string[]): Promise<LedgerHead[]> =>
  ask(server, { method: 'POST', path: '/v1/ledger/heads', body: { decisionIds }, answer: z.array(head) });

export const decisionOf = (server: Server, decisionId: string): Promise<Decision> =>
  ask(server, { path: `/v1/decisions/${decisionId}`, answer: decision });

/** Every decision of a subject, oldest first. */
export const decisionsOfSubject = (server: Server, subjectId: string): Promise<Decision[]> =>
  readPages(
    PAGE,
    (row) => String(row.version),
    (after) => {
      const path = `/v1/subjects/${subjectId}/decisions?limit=${PAGE}${after ? `&after=${after}` : ''}`;
      return ask(server, { path, answer: z.array(decision) });
    },
  );

const why = z.looseObject({
  purposeId: z.string(),
  title: z.string(),
  scope,
  at: z.string(),
  language: z.enum(['en', 'nl', 'fr']),
  catalogueVersion: z.string(),
  factsAt: z.string().nullable(),
  knownSince: z.string(),
  allowed: z.boolean(),
  reason: z.string(),
  sentence: z.string(),
  steps: z.array(
    z.looseObject({
      kind: z.string(),
      purposeId: z.string(),
      sentence: z.string(),
      section: z.string().optional(),
      rule: z.string().optional(),
      decisions: z.array(z.string()).optional(),
      facts: z.array(z.looseObject({ sentence: z.string() })).optional(),
      decision: z
        .looseObject({
          decisionId: z.string(),
          position: z.number(),
          actor: z.string(),
          caller: z.string(),
          catalogueVersion: z.string(),
        })
        .optional(),
    }),
  ),
  wouldChange: z.array(z.looseObject({ sentence: z.string() })),
});
export type Why = z.infer<typeof why>;

export interface WhyAsked {
  purpose: string;
  scope?: string;
  category?: string;
  at?: string;
  language?: string;
}

/** What led to the answer on one purpose, in one language. */
export const whyOf = (server: Server, subjectId: string, asked: WhyAsked): Promise<Why> =>
  ask(server, { path: `/v1/subjects/${subjectId}/why?${new URLSearchParams({ ...asked }).toString()}`, answer: why });

const catalogue = z.looseObject({ version: z.string(), purposes: z.array(purpose) });
export type CatalogueAnswer = z.infer<typeof catalogue>;

export const catalogueOf = (server: Server): Promise<CatalogueAnswer> =>
  ask(server, { path: '/v1/catalogue', answer: catalogue });

const wholeCatalogue = catalogue.extend({
  systems: z.array(z.looseObject({ systemId: z.string() })),
  notices: z.array(
    z.looseObject({
      id: z.string(),
      version: z.string(),
      language: z.string(),
      contentHash: z.string(),
      purposes: z.array(z.string()),
    }),
  ),
  bundles: z.array(z.looseObject({ id: z.string() })),
  confirmWithin: z.record(z.string(), z.string()),
});

/** With systems, notices, bundles and confirmations. */
export const wholeCatalogueOf = (server: Server): Promise<z.infer<typeof wholeCatalogue>> =>
  ask(server, { path: '/v1/catalogue', answer: wholeCatalogue });

export const purposeOf = (server: Server, id: string): Promise<Purpose> =>
  ask(server, { path: `/v1/purposes/${id}`, answer: purpose });
