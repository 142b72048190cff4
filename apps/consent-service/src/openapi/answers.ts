import { SYSTEMS } from '@consent/events';
import { z } from 'zod';
import { LEVELS, notice, origin, scope, STATUSES, uuid } from '../http/schemas/common.js';

/** Shapes of answers, for the description and for the test that holds real answers against it. */
const time = z.iso.datetime();
const permission = z.strictObject({ allowed: z.boolean(), reason: z.string(), nextChangeAt: time.nullable() });
/** Of the permission with data of one kind. */
export const dataSince = time.optional().meta({
  description:
    'With `category`: allowed only for data collected from then on, as what is older has come to its end: after an earlier contract, or by the limit of each item, counted from its collection. The latter moves with the moment asked about and is no part of `nextChangeAt`.',
});
const localised = z.strictObject({ en: z.string(), nl: z.string(), fr: z.string() });
const whole = z.int().min(0);

const decisionFields = {
  decisionId: uuid,
  subjectId: uuid,
  version: whole.meta({ description: 'Order within the subject.' }),
  position: whole.meta({ description: 'Order over all.' }),
  scope,
  purposeId: z.string(),
  status: z.enum(STATUSES),
  direction: z.enum(['opening', 'closing']),
  effective: z.boolean().meta({ description: 'false: kept as evidence without effect.' }),
  permission,
  bundleId: uuid.nullable(),
  systems: z.array(z.strictObject({ systemId: z.string(), applyBy: time })),
  decidedAt: time,
  receivedAt: time,
  committedAt: time,
  catalogueVersion: z.string(),
};
export const decision = z.strictObject(decisionFields);
export const decisionRecord = z.strictObject({
  ...decisionFields,
  cause: z.string(),
  notice: notice.nullable(),
  evidence: z.strictObject({ channel: z.string(), actor: z.string(), caller: z.string(), origin: origin.nullable() }),
  brand: z.string().nullable(),
  attributes: z.record(z.string(), z.string()),
  endedCategories: z.array(z.strictObject({ category: z.string(), endedAt: time })).meta({
    description: 'Kinds of data that may no longer be used for the purpose when collected before that moment.',
  }),
});

export const problem = z
  .looseObject({
    type: z.string().meta({ description: 'urn:consent:problem:<slug>' }),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    errors: z.array(z.strictObject({ path: z.string(), message: z.string(), expected: z.string() })).optional(),
  })
  .meta({ description: 'Problem details (RFC 9457).' });

export const decisionLine = z.strictObject({
  line: z.int(),
  status: z.int().meta({ description: '201 recorded, 200 echo of a source event, else a problem.' }),
  decision: decision.optional(),
  problem: problem.optional(),
});
export const factsLine = z.strictObject({
  line: z.int(),
  status: z.int(),
  subjectId: uuid.optional(),
  factsVersion: whole.optional(),
  changes: whole.optional(),
  problem: problem.optional(),
});
export const bundle = z.strictObject({
  bundleId: uuid,
  changed: z.array(decision),
  unchanged: whole,
});
export const storedFacts = z.strictObject({
  subjectId: uuid,
  factsVersion: whole.meta({ description: 'Counted within the subject; unchanged when nothing new was said.' }),
  changes: whole.meta({ description: 'Permissions that changed with the facts, each a ledger entry.' }),
});

export const transfer = z.strictObject({
  scopeId: uuid.meta({ description: 'Ended for good.' }),
  fromSubjectId: uuid,
  toSubjectId: uuid,
  newScopeId: uuid,
  closed: whole.meta({
    description:
      'Permissions of the old scope that were open and are closed now, and consents in it that end before its time came.',
  }),
});

const registered = {
  brand: z.string().nullable(),
  roles: z.array(z.string()),
  minor: z.boolean().nullable().meta({ description: 'null: the age is not known.' }),
  contractStart: time.nullable(),
  contractEnd: time.nullable(),
};
const facts = z.strictObject({ ...registered, fullMarketingObjectionAt: time.nullable() });
const scopeFacts = z.strictObject({
  level: z.enum(LEVELS),
  id: uuid,
  brand: z.string().nullable(),
  kind: z.string().nullable(),
  validFrom: time.nullable(),
  validUntil: time.nullable(),
});
export const factsVersion = z.strictObject({
  factsVersion: whole,
  recordedAt: time,
  caller: z.string(),
  channel: z
    .string()
    .nullable()
    .meta({ description: 'subject (one person), batch (a file of many) or transfer; null: from before it was kept.' }),
  facts: z.strictObject(registered),
  scopes: z.array(scopeFacts).meta({ description: 'Those that were new or different, as they were from here on.' }),
  entries: z
    .strictObject({ after: whole, upTo: whole })
    .meta({ description: 'Versions of the ledger entries that followed; none when both are the same.' }),
});
export const subject = z.strictObject({
  subjectId: uuid,
  version: whole,
  facts: facts.nullable(),
  scopes: z.array(scopeFacts),
  states: z.array(
    z.strictObject({
      scope,
      purposeId: z.string(),
      status: z.enum(STATUSES),
      permission,
      version: whole,
      decisionId: uuid,
      decidedAt: time.nullable(),
    }),
  ),
});
export const permissions = z.array(
  z.strictObject({ purposeId: z.string(), scope, ...permission.shape, dataSince, sentence: localised }),
);

const purposeShape = {
  id: z.string(),
  title: localised,
  choiceModel: z.enum(['opt-in', 'opt-out', 'objection-motivated', 'none']),
  defaultAllowed: z.boolean().nullable(),
  scopeLevel: z.enum(LEVELS).nullable(),
  systems: z.array(z.enum(SYSTEMS)),
};
export const purpose = z.looseObject(purposeShape);
export const catalogue = z.strictObject({
  version: z.string(),
  purposes: z.array(purpose),
  systems: z.array(z.looseObject({ systemId: z.enum(SYSTEMS), closingMs: whole, openingMs: whole })),
  notices: z.array(z.looseObject({ id: z.string(), version: z.string(), language: z.string() })),
  bundles: z.array(z.looseObject({ id: z.string(), purposes: z.array(z.string()) })),
  confirmWithin: z.record(z.string(), z.string()).meta({
    description:
      'Channels on which a yes must be confirmed, over another channel, with the time there is for it (ISO 8601). Nothing else opens over them.',
  }),
});

export const noticeText = z.strictObject({
  contentHash: z.string(),
  text: z.string(),
  notices: z
    .array(z.strictObject({ id: z.string(), version: z.string(), language: z.string(), purposes: z.array(z.string()) }))
    .meta({ description: 'As which notices it was shown.' }),
  catalogueVersion: z.string().meta({ description: 'The first that was in force with it.' }),
});

const plan = { decisions: whole, subjects: whole, perPurpose: z.record(z.string(), whole) };
export const replayPlan = z.strictObject({ replayId: uuid.nullable(), ...plan });
export const replayDecisions = z.array(uuid);
export const replayState = z.strictObject({
  replayId: uuid,
  system: z.string(),
  mode: z.enum(['redeliver', 'repair']),
  select: z.looseObject({}),
  caller: z.string(),
  state: z.enum(['running', 'enqueued', 'done']),
  planned: whole,
  subjects: whole,
  perPurpose: z.record(z.string(), whole),
  enqueued: whole,
  createdAt: time,
  enqueuedAt: time.nullable(),
  doneAt: time.nullable(),
});

export const digest = z.strictObject({
  asOf: time,
  buckets: z.array(
    z.strictObject({
      bucket: whole.meta({ description: 'Partition of the topics.' }),
      subjects: whole,
      decisions: whole,
      headPosition: whole.nullable(),
    }),
  ),
});
export const slices = z.strictObject({
  asOf: time,
  settledUntil: time.meta({
    description: 'Nothing more will be committed at a moment before it: no transaction that writes is older.',
  }),
  sliceMs: whole.meta({ description: 'Length of a slice in milliseconds; slices begin at multiples of it.' }),
  slices: z.array(
    z.strictObject({
      start: time,
      bucket: whole.meta({ description: 'Partition of the topics.' }),
      decisions: whole,
      waiting: whole.meta({ description: 'Of these, in the outbox: not published yet, or not yet known to be.' }),
      idSum: whole.meta({ description: 'Sum of the last 32 bits of the decision ids: tells equal counts apart.' }),
    }),
  ),
});
export const heads = z.array(
  z.strictObject({
    subjectId: uuid,
    scopeId: uuid,
    purposeId: z.string(),
    scopeLevel: z.enum(LEVELS),
    version: whole,
    decisionId: uuid,
    effective: z
      .boolean()
      .meta({ description: 'false: the newest entry is evidence without effect, and an older one is in force.' }),
    versionInForce: whole
      .nullable()
      .meta({ description: 'Of the newest entry with effect. A system may hold any version from it on.' }),
    status: z.enum(STATUSES),
    allowed: z.boolean(),
    reason: z.string(),
    systems: z.array(z.string()),
  }),
);
