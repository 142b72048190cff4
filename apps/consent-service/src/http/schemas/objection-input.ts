import { EXTENSION_REASONS } from '@consent/consent-rules';
import { z } from 'zod';
import { limit, moment, slug, uuid } from './common.js';

export const objectionsQuery = z.strictObject({
  state: z.enum(['open', 'closed']).default('open'),
  dueBefore: moment.optional(),
  after: uuid.optional(),
  limit,
});

export const completionInput = z.strictObject({
  completeAt: moment.optional().meta({ description: 'When all needed information was in. Absent: now.' }),
});

export const extensionInput = z.strictObject({
  reason: z.enum(EXTENSION_REASONS),
  notifiedAt: moment.optional().meta({
    description: 'When the person was told that it takes longer; within a month from the receipt. Absent: now.',
  }),
});

export const assessmentInput = z.strictObject({
  outcome: z
    .enum(['upheld', 'rejected'])
    .meta({ description: 'upheld: the objection is in force. rejected: the restriction ends.' }),
  ground: slug.meta({ description: 'Why, as a code such as founded or compelling-grounds. Never a text.' }),
});
