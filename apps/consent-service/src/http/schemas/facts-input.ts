import { contextsOf, PROFESSIONALS, ROLES } from '@consent/consent-rules';
import { z } from 'zod';
import { brand, LEVELS, moment, uuid, WITHIN } from './common.js';

const SCOPES = 1_000;

const facts = {
  brand: brand.nullable(),
  roles: z
    .array(z.enum(ROLES))
    .max(ROLES.length)
    .refine(
      (roles) => contextsOf(roles).size <= 1,
      `either private roles or ${PROFESSIONALS.join(' and ')}: a contact of a firm is another subject`,
    )
    .meta({
      description:
        'They add up, private ones or those of a contact of a firm: whoever is both is two subjects, each with its own roles. A subject stays what its first roles made it: later ones of the other kind are refused (roles-of-other-context).',
    }),
  minor: z.boolean().nullable().meta({ description: 'null: the age is not known, which is as restrictive as true.' }),
  contractStart: moment.nullish().meta({
    description: `Of the contract that runs or ran last. A renewal, a new contract after one that ended: the start of the new one, with contractEnd of the ended one kept. ${WITHIN}`,
  }),
  contractEnd: moment.nullish().meta({
    description: `Absent or null: no end is known. ${WITHIN} An end before contractStart is that of the contract before it; without it, it is not known under which contract a consent was given. Who is no customer any more is told by the roles, in the same request.`,
  }),
  scopes: z
    .array(
      z
        .strictObject({
          level: z.enum(LEVELS).exclude(['person']),
          id: uuid,
          brand: brand.nullish().meta({
            description:
              'Where it differs from the brand of the person. Absent: as it is known, none for a new scope. null: that of the person.',
          }),
          kind: z.enum(['phone', 'email', 'post', 'app']).nullish().meta({ description: 'Of a contact point.' }),
          validFrom: moment
            .nullish()
            .meta({ description: `The scope is the person’s from here. Absent: from ever. ${WITHIN}` }),
          validUntil: moment.nullish().meta({ description: `Up to, not including. Absent: open. ${WITHIN}` }),
        })
        .refine(({ validFrom, validUntil }) => !validFrom || !validUntil || validFrom < validUntil, {
          path: ['validUntil'],
          message: 'a time after validFrom',
        }),
    )
    .max(SCOPES)
    .default([])
    .refine((scopes) => new Set(scopes.map(({ id }) => id)).size === scopes.length, 'each scope once')
    .meta({ description: 'Accounts, lines, devices and contact points of the person. Those not named stay.' }),
};

export const subjectFactsInput = z.strictObject(facts);
/** A line of a batch: with the subject, which a single PUT has in its path. */
export const factsInput = z.strictObject({ subjectId: uuid, ...facts });
export type FactsInput = z.infer<typeof factsInput>;
