import { SYSTEMS } from '@consent/events';
import { z } from 'zod';
import { moment, slug, uuid } from './common.js';

const DECISIONS = 10_000;

export const replayInput = z.strictObject({
  system: z.enum(SYSTEMS).meta({ description: 'The only system that gets the decisions again.' }),
  mode: z
    .enum(['redeliver', 'repair'])
    .meta({ description: 'redeliver: each decision as it was. repair: the newest truth of each triple concerned.' }),
  select: z
    .strictObject({
      subject: uuid.optional(),
      purpose: slug.optional(),
      since: moment.optional().meta({ description: 'Committed at or after.' }),
      decisionIds: z.array(uuid).min(1).max(DECISIONS).optional(),
    })
    .refine((select) => Object.values(select).some((value) => value !== undefined), {
      message: 'at least one of subject, purpose, since and decisionIds',
    })
    .meta({ description: 'Decisions that meet all that is given and concern the system.' }),
  dryRun: z.boolean().default(false).meta({ description: 'true: counts only; nothing is stored or sent.' }),
});
export type ReplayInput = z.infer<typeof replayInput>;
