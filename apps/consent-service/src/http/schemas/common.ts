import { uuid } from '@consent/events';
import { z } from 'zod';

export { uuid };

const say = (expected: string): { error: string } => ({ error: expected });

const EARLIEST = Date.parse('1900-01-01T00:00:00Z');
/** With the longest periods counted from it, a year still has four digits. */
const BEFORE = Date.parse('2200-01-01T00:00:00Z');
/** For descriptions. */
export const WITHIN = 'From 1900-01-01, before 2200-01-01.';

/** ISO 8601 with offset, read to epoch milliseconds. */
export const moment = z.iso
  .datetime({ offset: true, ...say('a date and time in ISO 8601 with offset, such as 2026-11-24T09:30:00Z') })
  .transform((text, context) => {
    const time = Date.parse(text);
    if (time >= EARLIEST && time < BEFORE) return time;
    context.addIssue({ code: 'custom', message: 'a date and time from 1900-01-01 on, before 2200-01-01', input: text });
    return z.NEVER;
  });

export const slug = z
  .string()
  .regex(/^[a-z0-9][a-z0-9_-]{0,63}$/, say('1 to 64 lower-case letters, digits, dashes and underscores'));

/** Ids of other systems. No spaces and no at sign: an address does not fit in. */
export const foreignId = z
  .string()
  .regex(/^[A-Za-z0-9][A-Za-z0-9._:/-]{0,127}$/, say('1 to 128 letters, digits and . _ : / -'));

export const brand = slug.meta({ description: 'Brand of the operator, such as proximus or scarlet.' });

export const STATUSES = [
  'requested',
  'given',
  'refused',
  'withdrawn',
  'expired',
  'revoked',
  'objected',
  'objection_submitted',
  'objection_rejected',
  'objection_lifted',
] as const;
export const status = z.enum(STATUSES);

export const LEVELS = ['person', 'account', 'line', 'device', 'contact_point'] as const;
export const scope = z
  .strictObject({ level: z.enum(LEVELS), id: uuid.meta({ description: 'For level person the subject id.' }) })
  .meta({ description: 'What a decision covers. A scope belongs to one subject for ever.' });

export const contentHash = z
  .string()
  .regex(/^[0-9a-f]{64}$/, say('SHA-256 of the text shown, 64 lower-case hex digits'));

export const notice = z
  .strictObject({
    id: foreignId,
    version: foreignId,
    language: z.string().regex(/^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$/, say('a language tag such as nl or fr-BE')),
    contentHash,
  })
  .meta({ description: 'The text that the person saw.' });

export const origin = z
  .strictObject({ system: slug, eventId: foreignId })
  .meta({ description: 'Source system and its id of the event; the same event sent again is answered, not recorded.' });

const ATTRIBUTES = 10;
export const attributes = z
  .record(
    z.string().regex(/^[a-z][A-Za-z0-9]{0,39}$/, say('a name of letters and digits')),
    z.string().regex(/^[A-Za-z0-9 ._:/-]{0,128}$/, say('at most 128 letters, digits, spaces and . _ : / -')),
  )
  .refine((found) => Object.keys(found).length <= ATTRIBUTES, `at most ${ATTRIBUTES} attributes`)
  .meta({ description: 'Open qualifiers of the purpose. Never a direct identifier.' });

export const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,128}$/, say('an Idempotency-Key of 1 to 128 visible ASCII characters, new for each request'));

/** A limit of a page, as query text. */
export const limit = z
  .string()
  .regex(/^([1-9]\d{0,2}|1000)$/, say('a whole number from 1 to 1000'))
  .transform(Number)
  .default(100);

/** A page of versions. */
export const historyQuery = z.strictObject({
  after: z
    .string()
    .regex(/^\d{1,15}$/, 'a version, a whole number')
    .transform(Number)
    .default(0),
  limit,
});

/** A kind of data, as the gates and the retention of the catalogue name it. */
export const dataCategory = z
  .string()
  .regex(/^([a-z]+:)?[a-z0-9]+(-[a-z0-9]+)*$/, say('a category such as derived:bad-payer-info'));
