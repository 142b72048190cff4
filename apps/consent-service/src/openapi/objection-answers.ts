import { EXTENSION_REASONS } from '@consent/consent-rules';
import { z } from 'zod';
import { scope, STATUSES, uuid } from '../http/schemas/common.js';

const time = z.iso.datetime();

export const objection = z.strictObject({
  objectionId: uuid,
  subjectId: uuid,
  scope,
  purposeId: z.string(),
  recordedBy: z.array(z.string()).meta({ description: 'Callers of whom none may assess it.' }),
  receivedAt: time,
  completeAt: time.nullable().meta({ description: 'When all information was in; null while some is missing.' }),
  replyBy: time.meta({ description: 'A month from the receipt, three when extended.' }),
  promisedBy: time.nullable().meta({ description: 'The same from completeness: the date shown to the person.' }),
  overdue: z.boolean().meta({ description: 'Not answered by replyBy.' }),
  extension: z.strictObject({ reason: z.enum(EXTENSION_REASONS), notifiedAt: time, extendedBy: z.string() }).nullable(),
  closed: z
    .strictObject({
      at: time,
      outcome: z.enum(STATUSES),
      decisionId: uuid,
      by: z.string(),
      ground: z.string().nullable(),
    })
    .nullable(),
});
