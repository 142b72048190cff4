import { z } from 'zod';
import { slug, uuid } from './common.js';

const MANY = 10_000;

export const headsInput = z
  .strictObject({
    triples: z
      .array(z.strictObject({ subjectId: uuid, scopeId: uuid, purposeId: slug }))
      .max(MANY)
      .optional(),
    decisionIds: z.array(uuid).max(MANY).optional(),
  })
  .refine(({ triples, decisionIds }) => (triples === undefined) !== (decisionIds === undefined), {
    message: 'either triples or decisionIds',
  });
export type HeadsInput = z.infer<typeof headsInput>;
