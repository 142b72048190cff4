import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { ask, type Server } from './ask.js';
import { recorded, type RecordedDecision } from './consent-service.js';
import { readPages } from './read-pages.js';

const PAGE = 500;

const objection = z.looseObject({
  objectionId: z.string(),
  subjectId: z.string(),
  scope: z.looseObject({ level: z.string(), id: z.string() }),
  purposeId: z.string(),
  recordedBy: z.array(z.string()),
  receivedAt: z.string(),
  completeAt: z.string().nullable(),
  replyBy: z.string(),
  promisedBy: z.string().nullable(),
  overdue: z.boolean(),
  extension: z.looseObject({ reason: z.string(), notifiedAt: z.string() }).nullable(),
  closed: z
    .looseObject({ at: z.string(), outcome: z.string(), by: z.string(), ground: z.string().nullable() })
    .nullable(),
});
/** A reasoned objection with its legal clocks, as consent-service answers it. */
export type Objection = z.infer<typeof objection>;

/** All open ones by the date of their reply, or all closed ones in the order in which they were. */
export const objectionsOf = (server: Server, state: 'open' | 'closed'): Promise<Objection[]> =>
  readPages(
    PAGE,
    (row) => row.objectionId,
    (after) => {
      const path = `/v1/objections?state=${state}&limit=${PAGE}${after ? `&after=${after}` : ''}`;
      return ask(server, { path, answer: z.array(objection) });
    },
  );

export const objectionOf = (server: Server, id: string): Promise<Objection> =>
  ask(server, { path: `/v1/objections/${id}`, answer: objection });

const change = <T>(server: Server, path: string, body: object, answer: z.ZodType<T>): Promise<T> =>
  ask(server, { method: 'POST', path, body, headers: { 'idempotency-key': randomUUID() }, answer });

export const complete = (server: Server, id: string, completeAt: string | undefined): Promise<Objection> =>
  change(server, `/v1/objections/${id}/completion`, { completeAt }, objection);

export const extend = (
  server: Server,
  id: string,
  extension: { reason: string; notifiedAt: string | undefined },
): Promise<Objection> => change(server, `/v1/objections/${id}/extension`, extension, objection);

export const assess = (
  server: Server,
  id: string,
  assessment: { outcome: 'upheld' | 'rejected'; ground: string },
): Promise<RecordedDecision> => change(server, `/v1/objections/${id}/assessment`, assessment, recorded);
