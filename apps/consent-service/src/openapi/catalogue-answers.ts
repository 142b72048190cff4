import { SYSTEMS } from '@consent/events';
import { z } from 'zod';
import { uuid } from '../http/schemas/common.js';

const whole = z.int().min(0);

const effects = z
  .record(z.string(), z.strictObject({ opening: whole, closing: whole, moved: whole, withheld: whole, told: whole }))
  .meta({
    description:
      'People by purpose. moved: open, with another next change. withheld: never agreed, so never opened. told: decisions that reach the systems which the purpose names anew.',
  });
const difference = z.strictObject({
  added: z.array(z.string()),
  removed: z.array(z.string()),
  changed: z.array(z.strictObject({ id: z.string(), fields: z.array(z.looseObject({ field: z.string() })) })),
});
export const catalogueChange = z.strictObject({
  changeId: uuid,
  state: z.enum(['planning', 'planned', 'refused', 'running', 'recorded', 'done']),
  caller: z.string(),
  difference: z.strictObject({
    from: z.string(),
    to: z.string(),
    ...difference.shape,
    notices: difference,
    bundles: difference,
    systems: difference,
    confirmations: difference.optional().meta({
      description:
        'By channel: the time there is to confirm a yes over it. Absent of changes planned by an earlier release.',
    }),
    named: z
      .array(z.strictObject({ systemId: z.enum(SYSTEMS), purposes: z.array(z.string()) }))
      .meta({ description: 'Systems, each with the purposes that name it anew.' }),
  }),
  subjects: whole.meta({ description: 'Seen so far while planning, or of the run.' }),
  planned: effects,
  recorded: effects,
  planHash: z.string().nullable().meta({ description: 'null while the effects are counted.' }),
  despite: z.string().nullable().meta({
    description: 'Why it was applied although a system it names anew was not known to have a rule for the purpose.',
  }),
});

export const handling = z.array(
  z.strictObject({
    systemId: z.enum(SYSTEMS),
    purposes: z.array(z.string()).meta({ description: 'That name it anew.' }),
    missing: z
      .array(z.string())
      .nullable()
      .meta({ description: 'Those its running build has no rule for; null: it does not answer, or does not say.' }),
  }),
);
