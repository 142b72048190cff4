import { SYSTEMS } from '@consent/events';
import { ROLES } from '../types.js';

/*
 * JSON Schema of the catalogue's files. What a schema cannot say (references, cycles, a default that fits its choice
 * model) is in check-references.ts.
 */

/** A text of a form, and how a fault tells it. */
const form = (pattern: string, description: string) => ({ type: 'string', pattern, description });
const id = form('^[a-z0-9]+(-[a-z0-9]+)*$', 'words in lower case joined by hyphens, such as customer-newsletter');
const category = form(
  '^([a-z]+:)?[a-z0-9]+(-[a-z0-9]+)*$',
  'words in lower case joined by hyphens, perhaps after a word and a colon',
);
const categories = { type: 'array', items: category, uniqueItems: true };
const words = { type: 'array', items: { type: 'string', minLength: 1 }, uniqueItems: true };
const ids = { type: 'array', items: id, uniqueItems: true };
const period = form(
  '^P(?=.)(\\d+Y)?(\\d+M)?(\\d+D)?(T(?=\\d)(\\d+H)?(\\d+M)?(\\d+S)?)?$',
  'a period in ISO 8601 without weeks and fractions, such as P3Y or PT30M',
);
const nullable = (schema: { type: string }) => ({ ...schema, type: [schema.type, 'null'] });
const scopeBelow = { enum: ['account', 'line', 'device', 'contact_point'] };
const decision = form('^C\\d+$', 'the number of a decision, such as C06');

const record = (properties: object, required: string[]) => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
});
const text = { type: 'string', minLength: 1 };
const localised = record({ en: text, nl: text, fr: text }, ['en', 'nl', 'fr']);

const purpose = record(
  {
    id,
    section: form('^\\d+(\\.\\d+)*$', 'the number of a section, such as 7.2.3'),
    title: localised,
    summary: localised,
    legalBasis: {
      type: 'array',
      minItems: 1,
      items: {
        enum: ['consent', 'contract', 'legal-obligation', 'legitimate-interest', 'public-interest', 'vital-interest'],
      },
    },
    choiceModel: { enum: ['opt-in', 'opt-out', 'objection-motivated', 'none'] },
    defaultAllowed: { enum: [true, false, null] },
    scopeLevel: { enum: ['person', ...scopeBelow.enum, null] },
    subjectTypes: { ...words, minItems: 1 },
    roles: { type: 'array', items: { enum: ROLES }, uniqueItems: true },
    brands: { ...words, minItems: 1 },
    excludedBrands: words,
    dependsOn: ids,
    continues: ids,
    profiling: { type: 'boolean' },
    ownMarketing: { type: 'boolean' },
    dataCategories: categories,
    dataCategoriesOutsideTable: categories,
    contactChannels: ids,
    clocks: {
      type: 'array',
      items: record(
        {
          from: { enum: ['consent', 'contract-end'] },
          period,
          frozen: { type: 'boolean' },
          window: period,
          decision,
        },
        ['from', 'period', 'decision'],
      ),
    },
    categoryGates: {
      type: 'array',
      items: record({ category: text, needsGrantOf: ids, decision }, ['category', 'needsGrantOf', 'decision']),
    },
    retention: {
      type: 'array',
      items: record(
        {
          category: id,
          categories: { ...categories, minItems: 1 },
          formerly: id,
          unstated: decision,
          appliesTo: nullable({ type: 'string' }),
          period: nullable(period),
          starts: nullable({ type: 'string' }),
          until: nullable({ type: 'string' }),
        },
        ['appliesTo', 'period', 'starts', 'until'],
      ),
    },
    proofRetention: nullable(period),
    channels: words,
    recipients: words,
    contactKind: { enum: ['phone', 'email', 'post', 'app'] },
    announcesPeriod: { type: 'boolean' },
    systems: { type: 'array', items: { enum: SYSTEMS }, uniqueItems: true },
  },
  [
    'id',
    'section',
    'title',
    'summary',
    'legalBasis',
    'choiceModel',
    'defaultAllowed',
    'scopeLevel',
    'subjectTypes',
    'roles',
    'brands',
    'excludedBrands',
    'dependsOn',
    'profiling',
    'ownMarketing',
    'proofRetention',
    'channels',
    'recipients',
    'systems',
  ],
);

const system = record(
  { id: { enum: SYSTEMS }, title: localised, closing: period, opening: period, recipients: nullable(period) },
  ['id', 'title', 'closing', 'opening', 'recipients'],
);

const notice = record(
  {
    id,
    version: text,
    purposes: { ...ids, minItems: 1 },
    texts: {
      type: 'object',
      minProperties: 1,
      propertyNames: form('^[a-z]{2}(-[A-Z]{2})?$', 'a language, such as en or nl-BE'),
      additionalProperties: record(
        { file: text, contentHash: form('^[0-9a-f]{64}$', 'a SHA-256 sum in lower-case hex') },
        ['file', 'contentHash'],
      ),
    },
  },
  ['id', 'version', 'purposes', 'texts'],
);

const bundle = record(
  { id, title: localised, decisions: { type: 'array', items: decision }, inOneScopeAt: scopeBelow, purposes: ids },
  ['id', 'title', 'decisions', 'purposes'],
);

const dataCategory = {
  ...record({ id: category, servesOnly: { ...ids, minItems: 1 }, decision }, ['id']),
  dependencies: { servesOnly: ['decision'], decision: ['servesOnly'] },
};

const channel = record({ id, confirmWithin: period }, ['id']);

const statement = record({ controller: text, language: { enum: ['nl', 'fr', 'en'] }, note: text }, [
  'controller',
  'language',
]);

const release = record({ date: form('^\\d{4}-\\d{2}-\\d{2}$', 'a date, such as 2026-11-24'), statement }, ['date']);

const list = (items: object) => ({ type: 'array', items });

export const CATALOGUE_SCHEMAS = {
  release,
  systems: list(system),
  purposes: list(purpose),
  notices: list(notice),
  bundles: list(bundle),
  channels: list(channel),
  dataCategories: list(dataCategory),
} as const;

export type CataloguePart = keyof typeof CATALOGUE_SCHEMAS;
