import { z } from 'zod';
import { brand, uuid } from './common.js';

export const transferInput = z.strictObject({
  toSubjectId: uuid.meta({ description: 'The next holder; one not known yet becomes known.' }),
  brand: brand.nullish().meta({
    description:
      'Of the new scope. Absent: the brand of the old one, which is its holder’s where it has none of its own. null: that of the next holder.',
  }),
});
export type TransferInput = z.infer<typeof transferInput>;
