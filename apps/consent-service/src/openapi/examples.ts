import { SYSTEMS } from '@consent/events';

/** Values of the description's examples. A test sends them, in the order of the operations, to a running service. */
const SUBJECT = '6f0c2a52-3b1e-4c59-9d0a-6a4f6f1f0a11';
const OTHER_SUBJECT = '0b4d7d9e-52f4-4a3c-8a57-1f1d0a2e9c33';
const LINE = 'c1a6f0de-7f0b-4d3e-b6a1-2f0e5d7c8b90';

const ACCOUNT = '7e3b1c5a-90f2-4d6b-8a41-5c2d9e0f7b36';

const facts = {
  brand: 'proximus',
  roles: ['customer'],
  minor: false,
  contractStart: '2021-04-01T00:00:00Z',
  scopes: [{ level: 'line', id: LINE }],
};

const withdrawal = {
  subjectId: SUBJECT,
  scope: { level: 'line', id: LINE },
  purposeId: 'directory-contact-listing',
  status: 'withdrawn',
  decidedAt: '2026-11-24T09:30:00+01:00',
  channel: 'myproximus-web',
};

const NOTICE_HASH = '70fd5e0edadf3ff4da3100ceb27184036378757d44a061b3ce2292605f908d11';

const consent = {
  subjectId: OTHER_SUBJECT,
  scope: { level: 'person', id: OTHER_SUBJECT },
  purposeId: 'prospect-newsletter',
  status: 'given',
  channel: 'web-form',
  notice: {
    id: 'marketing-contact',
    version: '1',
    language: 'nl-BE',
    contentHash: NOTICE_HASH,
  },
  origin: { system: 'web-shop', eventId: 'sign-up:81723' },
  attributes: { page: 'newsletter' },
};

const words = '{ en: x, nl: x, fr: x }';
const system = (id: string): string =>
  `- { id: ${id}, title: ${words}, closing: PT30S, opening: PT5M, recipients: null }\n`;
const purpose = `- id: prospect-newsletter
  section: '7.1.4'
  title: ${words}
  summary: ${words}
  legalBasis: [consent]
  choiceModel: opt-in
  defaultAllowed: false
  scopeLevel: person
  subjectTypes: [prospect]
  roles: [prospect]
  brands: [proximus]
  excludedBrands: []
  dependsOn: []
  profiling: false
  ownMarketing: true
  proofRetention: P5Y
  channels: []
  recipients: []
  systems: [marketing-segmentation]
`;
const bundle = `- { id: object-marketing, title: ${words}, decisions: [C18], purposes: [prospect-newsletter] }\n`;
const catalogue = {
  files: [
    { name: 'catalogue.yaml', text: "date: '2026-12-01'\n" },
    { name: 'bundles.yaml', text: bundle },
    { name: 'systems.yaml', text: SYSTEMS.map(system).join('') },
    { name: 'purposes/07-marketing.yaml', text: purpose },
  ],
};

const objection = {
  subjectId: SUBJECT,
  scope: { level: 'person', id: SUBJECT },
  purposeId: 'office-visitor-management',
  status: 'objection_submitted',
  channel: 'letter-dpo',
};

const signUp = {
  subjectId: OTHER_SUBJECT,
  scope: { level: 'person', id: OTHER_SUBJECT },
  purposeId: 'prospect-direct-marketing',
  status: 'given',
  channel: 'web-sign-up',
};

export const EXAMPLES = {
  NOTICE_HASH,
  catalogue,
  SUBJECT,
  ACCOUNT,
  PURPOSE: 'prospect-newsletter',
  facts: { ...facts, scopes: [...facts.scopes, { level: 'account', id: ACCOUNT, validFrom: '2021-04-01T00:00:00Z' }] },
  factsLines: [
    { subjectId: SUBJECT, ...facts },
    { subjectId: OTHER_SUBJECT, ...facts, roles: ['prospect'], scopes: [] },
  ],
  withdrawal,
  decisionLines: [
    consent,
    { ...withdrawal, status: 'given', decidedAt: '2026-11-24T09:45:00+01:00' },
    objection,
    signUp,
  ],
  confirmation: { channel: 'confirmation-link' },
  extension: { reason: 'complexity' },
  assessment: { outcome: 'rejected', ground: 'compelling-grounds' },
  bundle: { subjectId: SUBJECT, kind: 'withdraw-all', channel: 'call-centre' },
  transfer: { toSubjectId: OTHER_SUBJECT },
  heads: { triples: [{ subjectId: SUBJECT, scopeId: LINE, purposeId: 'directory-contact-listing' }] },
  span: { since: '2026-11-24T09:00:00Z', until: '2026-11-24T09:15:00Z' },
  replay: { system: 'directory-listing', mode: 'redeliver', select: { subject: SUBJECT } },
} as const;
