import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ask, type Server } from './ask.js';

const effects = z.record(
  z.string(),
  z.looseObject({
    opening: z.number(),
    closing: z.number(),
    moved: z.number(),
    withheld: z.number(),
    told: z.number().default(0),
  }),
);
export type Effects = z.infer<typeof effects>;

const change = z.looseObject({
  changeId: z.string(),
  state: z.enum(['planning', 'planned', 'refused', 'running', 'recorded', 'done']),
  difference: z.looseObject({
    from: z.string(),
    to: z.string(),
    added: z.array(z.string()),
    removed: z.array(z.string()),
    changed: z.array(z.looseObject({ id: z.string(), fields: z.array(z.looseObject({ field: z.string() })) })),
    confirmations: z
      .looseObject({
        added: z.array(z.string()),
        removed: z.array(z.string()),
        changed: z.array(z.looseObject({ id: z.string() })),
      })
      .optional(),
    named: z.array(z.looseObject({ systemId: z.string(), purposes: z.array(z.string()) })).default([]),
  }),
  subjects: z.number(),
  planned: effects,
  recorded: effects,
  planHash: z.string().nullable(),
});
export type CatalogueChange = z.infer<typeof change>;

/** A large catalogue is parsed and kept. */
const TIMEOUT_MS = 60_000;

export const planCatalogue = (
  server: Server,
  files: readonly { name: string; text: string }[],
): Promise<CatalogueChange> =>
  ask(server, {
    method: 'POST',
    path: '/v1/catalogue/changes',
    body: { files },
    headers: { 'idempotency-key': randomUUID() },
    timeoutMs: TIMEOUT_MS,
    answer: change,
  });

export const catalogueChangeOf = (server: Server, changeId: string): Promise<CatalogueChange> =>
  ask(server, { path: `/v1/catalogue/changes/${changeId}`, answer: change });

const handling = z.array(
  z.looseObject({ systemId: z.string(), purposes: z.array(z.string()), missing: z.array(z.string()).nullable() }),
);
/** What the running builds of systems say of purposes that name them anew; `missing` null: nothing. */
export type Handling = z.infer<typeof handling>;

/** The service asks the systems. */
export const handlingOf = (server: Server, changeId: string): Promise<Handling> =>
  ask(server, { path: `/v1/catalogue/changes/${changeId}/handling`, answer: handling });

/** Waits for the writes in hand. Safe to repeat. */
export const applyCatalogue = (
  server: Server,
  changeId: string,
  planHash: string,
  despite: string | null,
): Promise<CatalogueChange> =>
  ask(server, {
    method: 'POST',
    path: `/v1/catalogue/changes/${changeId}/apply`,
    body: despite === null ? { planHash } : { planHash, despite },
    headers: { 'idempotency-key': randomUUID() },
    timeoutMs: TIMEOUT_MS,
    answer: change,
  });
