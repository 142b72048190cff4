import { z } from 'zod';
import { brand, uuid } from './common.js';

export const transferInput = z.strictObject({
  toSubjectId: uuid.meta({ description: 'The next holder; one not known yet becomes known.' }),
  brand: brand.nullish().meta({ description: 'Of the new scope, where it differs from the brand of the next holder.' }),
});
export type TransferInput = z.infer<typeof transferInput>;
