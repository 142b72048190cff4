import { FACT_NAMES } from '@consent/consent-rules';
import { z } from 'zod';
import { dataCategory, LEVELS, notice, scope, slug, STATUSES, uuid } from '../http/schemas/common.js';
import { whyQuery } from '../http/why.controller.js';
import { dataSince } from './answers.js';
import { EXAMPLES } from './examples.js';
import { type Operation, subjectId } from './operation.js';

const time = z.iso.datetime();
const permission = z.strictObject({ allowed: z.boolean(), reason: z.string(), nextChangeAt: time.nullable() });
const told = {
  purposeId: z.string().meta({ description: 'The purpose asked about, or one it stands on.' }),
  scope,
  sentence: z.string(),
};
const decisionSource = z.strictObject({
  decisionId: uuid,
  position: z.int().meta({ description: 'In the ledger.' }),
  version: z.int(),
  status: z.enum(STATUSES),
  cause: z.string(),
  actor: z.string(),
  caller: z.string(),
  channel: z.string(),
  originSystem: z.string().nullable(),
  notice: notice.nullable(),
  decidedAt: time,
  receivedAt: time,
  catalogueVersion: z.string().meta({ description: 'Under which it was judged when it was recorded.' }),
});

const fact = z.strictObject({
  fact: z.enum(FACT_NAMES),
  value: z.union([z.string(), z.boolean(), z.array(z.string())]).nullable(),
  source: z
    .strictObject({
      recordedAt: time,
      by: z.string().meta({
        description:
          'Name of the caller that told it first as it stands; migration or release-before: who it was is not kept.',
      }),
      channel: z.string().nullable().meta({
        description:
          'subject (one person), batch (a file of many), transfer, decision, or the channel of an objection; null: from before it was kept.',
      }),
      factsVersion: z.int().nullable().meta({ description: 'Of the facts; null for what came without a version.' }),
    })
    .nullable()
    .meta({ description: 'null: nobody told it.' }),
  sentence: z.string(),
});

const step = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('purpose'), ...told, section: z.string() }),
  z.strictObject({ kind: z.literal('facts-missing'), ...told }),
  z.strictObject({
    kind: z.literal('decision'),
    ...told,
    standing: z.enum(['in-force', 'overtaken', 'evidence-only', 'consequence', 'noted']),
    decision: decisionSource,
  }),
  z.strictObject({
    kind: z.literal('bundle'),
    ...told,
    bundle: z
      .strictObject({
        bundleId: uuid,
        kind: z.string().meta({ description: 'Its id in the catalogue.' }),
        caller: z.string(),
        channel: z.string(),
        decidedAt: time.meta({ description: 'At the latest when it came in.' }),
        recordedAt: time,
      })
      .meta({ description: 'It said no to the purpose and found nothing to close in the scope.' }),
  }),
  z.strictObject({
    kind: z.literal('rule'),
    ...told,
    rule: z.string(),
    outcome: z.enum(['passes', 'limits', 'closes']),
    decisions: z.array(z.string()).meta({ description: 'Rows of docs/decisions.md.' }),
    facts: z.array(fact).meta({ description: 'What the rule judged by.' }),
  }),
  z.strictObject({
    kind: z.literal('category'),
    ...told,
    category: z.string(),
    outcome: z.enum(['passes', 'limits', 'closes']),
    decisions: z.array(z.string()).meta({ description: 'Rows of docs/decisions.md.' }),
  }),
]);

const change = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('decision'),
    purposeId: z.string(),
    scope: z.strictObject({
      level: z.enum(LEVELS),
      id: z.string().nullable().meta({ description: 'null: a scope that is not known yet.' }),
    }),
    status: z.enum(STATUSES),
    by: z.array(z.string()).meta({ description: 'Who may decide so.' }),
    attributes: z.array(z.string()).meta({ description: 'Names of the attributes without which it is refused.' }),
  }),
  z.strictObject({ kind: z.literal('brand'), scope, to: z.string() }),
  z.strictObject({ kind: z.literal('role'), to: z.string() }),
  z.strictObject({ kind: z.literal('age'), minor: z.boolean() }),
  z
    .strictObject({ kind: z.literal('contract'), to: z.enum(['begins', 'ends']) })
    .meta({ description: 'With a contract that begins, who was a customer is one again.' }),
  z.strictObject({ kind: z.literal('moment'), at: time }),
]);

const why = z.strictObject({
  subjectId: uuid,
  purposeId: z.string(),
  title: z.string(),
  scope,
  at: time,
  language: z.enum(['en', 'nl', 'fr']),
  catalogueVersion: z
    .string()
    .meta({ description: 'Of the catalogue in force at `at`, under which the answer is given.' }),
  factsAt: time
    .nullable()
    .meta({ description: 'When the facts used were registered, at the latest at `at`; null: none were.' }),
  knownSince: time.meta({
    description:
      'From here on the answer is by what was known and in force at `at`. Before, some of it was overwritten, or there was no service yet.',
  }),
  ...permission.shape,
  dataSince,
  sentence: z.string(),
  steps: z.array(step),
  wouldChange: z
    .array(
      z.strictObject({ sentence: z.string(), permission: permission.extend({ dataSince }), changes: z.array(change) }),
    )
    .meta({
      description:
        'Each turns the answer round when all its changes happen, in this order, facts told at once; none of them is needless. Up to five changes together are looked for.',
    }),
});

export const readWhy: Operation = {
  method: 'get',
  path: '/v1/subjects/{id}/why',
  id: 'readWhy',
  summary: 'Why? Every fact and decision that led to the answer, in order, and what would change it',
  right: 'read',
  parameters: [
    subjectId,
    { name: 'purpose', in: 'query', schema: slug, description: 'The purpose.', example: EXAMPLES.PURPOSE },
    {
      name: 'scope',
      in: 'query',
      schema: uuid,
      description:
        'Needed where the purpose has several. One of another level: the purpose as seen from it, where it stands on something decided at that level, as web advertising on the cookies of a device, or where the brand of an account, line or device may close what is decided for the person; else it is refused. The same as in /permissions.',
    },
    {
      name: 'category',
      in: 'query',
      schema: dataCategory,
      description: 'With data of this kind, as in /permissions.',
    },
    {
      name: 'at',
      in: 'query',
      schema: whyQuery.shape.at,
      description: 'A moment, past or future. Absent: now.',
      example: '2026-11-24T10:00:00Z',
    },
    {
      name: 'language',
      in: 'query',
      schema: whyQuery.shape.language,
      description: 'Of the sentences. Absent: what Accept-Language prefers, or en.',
      example: 'nl',
    },
  ],
  answer: { status: 200, name: 'Why', schema: why },
};
