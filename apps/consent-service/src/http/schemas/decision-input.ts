import { z } from 'zod';
import { attributes, brand, moment, notice, origin, scope, slug, status, uuid, WITHIN } from './common.js';

const act = {
  decidedAt: moment.optional().meta({
    description: `When the person decided. Absent: now. A yes has effect only when it is newer than every no; a no has effect when it comes, however old. ${WITHIN}`,
  }),
  channel: slug.meta({ description: 'Where the decision was taken, such as myproximus-web or call-centre.' }),
  notice: notice.nullish(),
};

/** Of the body of a decision: kept, and never judged by. */
const saidBrand = brand.nullish().meta({
  description:
    'Brand under which the person decided, as the caller says: evidence only, told where the facts know no brand. What is allowed follows from the brand of the facts.',
});

export const decisionInput = z.strictObject({
  subjectId: uuid.meta({ description: 'The person, by a random id.' }),
  scope,
  purposeId: slug,
  status,
  ...act,
  origin: origin.nullish(),
  attributes: attributes.optional(),
  brand: saidBrand,
});
export type DecisionInput = z.infer<typeof decisionInput>;

/** The person's second step where the channel of a decision asks for one. */
export const confirmationInput = z.strictObject({
  ...act,
  channel: slug.meta({
    description:
      'Where the person confirmed, such as confirmation-link: a channel that asks for no confirmation itself (confirmWithin of GET /v1/catalogue names those that do).',
  }),
});
export type ConfirmationInput = z.infer<typeof confirmationInput>;

export const bundleInput = z
  .strictObject({
    subjectId: uuid,
    kind: slug.meta({
      description:
        'A bundle of the catalogue, such as withdraw-all or object-marketing: closes what is open. custom: the items given.',
    }),
    scope: scope.optional().meta({
      description:
        'What the bundle is about, where the catalogue says that it is about one scope (inOneScopeAt): the address of an email-unsubscribe. With no other kind.',
    }),
    items: z
      .array(z.strictObject({ scope, purposeId: slug, status }))
      .min(1)
      .max(1_000)
      .optional()
      .meta({ description: 'Of kind custom: what is decided, in this order.' }),
    ...act,
    brand: saidBrand,
  })
  .refine(({ kind, items }) => (kind === 'custom') === (items !== undefined), {
    path: ['items'],
    message: 'items with kind custom, and with no other kind',
  });
export type BundleInput = z.infer<typeof bundleInput>;
