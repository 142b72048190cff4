import { z } from 'zod';

export const catalogueInput = z.strictObject({
  files: z
    .array(
      z.strictObject({
        name: z
          .string()
          .regex(/^[A-Za-z0-9._-]+(\/[A-Za-z0-9._-]+)*$/, { error: 'a path below the folder, with forward slashes' }),
        text: z.string(),
      }),
    )
    .min(1)
    .max(500)
    .refine((files) => new Set(files.map(({ name }) => name)).size === files.length, 'each file once')
    .meta({ description: 'All files of the catalogue’s folder.' }),
});
export type CatalogueInput = z.infer<typeof catalogueInput>;

export const applyInput = z.strictObject({
  planHash: z
    .string()
    .regex(/^[0-9a-f]{64}$/, { error: 'the hash of the plan, 64 lower-case hex digits' })
    .meta({ description: 'Of the plan that was looked at: another one is not applied.' }),
  despite: z
    .string()
    .regex(/^[\p{L}\p{N} .,;:'()/_-]{1,200}$/u, { error: "1 to 200 letters, digits, spaces and . , ; : ' ( ) / _ -" })
    .optional()
    .meta({
      description:
        'Why it is applied although a system that it names anew is not known to have a rule for the purpose; kept with the change.',
    }),
});
export type ApplyInput = z.infer<typeof applyInput>;
