import { type SystemId } from '@consent/events';
import {
  type Cause,
  type DecideCommand,
  type DecideContext,
  type LedgerEntry,
  type NoticeVersion,
  type OtherPurposes,
  type Purpose,
  type SubjectFacts,
  type SystemDeadlines,
  type TripleState,
} from './types.js';
import { decide } from './decide.js';
import { evolve } from './evolve.js';

export const SUBJECT = '11111111-1111-4111-8111-111111111111';
export const DAY = 86_400_000;
/** 2026-11-24, noon in Brussels. */
export const NOW = Date.UTC(2026, 10, 24, 11);

const words = { en: 'x', nl: 'x', fr: 'x' };
const deadlines = (systemId: SystemId): SystemDeadlines => ({
  systemId,
  title: words,
  closingMs: 30_000,
  openingMs: 300_000,
  recipientsMs: null,
});
export const SYSTEM_DEADLINES: ReadonlyMap<SystemId, SystemDeadlines> = new Map([
  ['directory-listing', deadlines('directory-listing')],
]);

/** Of purpose `p`. */
export const NOTICE: NoticeVersion = {
  id: 'n',
  version: '1',
  language: 'nl-BE',
  contentHash: 'a'.repeat(64),
  purposes: ['p'],
};

export const purpose = (over: Partial<Purpose> = {}): Purpose => ({
  id: 'p',
  chapter: '07-marketing',
  section: '7.1',
  title: words,
  summary: words,
  legalBasis: ['consent'],
  choiceModel: 'opt-in',
  defaultAllowed: false,
  scopeLevel: 'person',
  subjectTypes: ['customer'],
  roles: ['customer'],
  brands: ['proximus', 'scarlet'],
  excludedBrands: [],
  dependsOn: [],
  continues: [],
  profiling: false,
  ownMarketing: false,
  clocks: [],
  dataCategories: [],
  dataCategoriesOutsideTable: [],
  categoryGates: [],
  contactChannels: [],
  retention: [],
  dataClocks: [],
  proofRetention: 'P5Y',
  channels: [],
  recipients: [],
  contactKind: null,
  announcesPeriod: false,
  systems: ['directory-listing'],
  ...over,
});
export const optIn = (over: Partial<Purpose> = {}): Purpose => purpose(over);
export const optOut = (over: Partial<Purpose> = {}): Purpose =>
  purpose({ choiceModel: 'opt-out', defaultAllowed: true, legalBasis: ['legitimate-interest'], ...over });
export const motivated = (over: Partial<Purpose> = {}): Purpose =>
  optOut({ choiceModel: 'objection-motivated', ...over });

export const facts = (over: Partial<SubjectFacts> = {}): SubjectFacts => ({
  brand: 'proximus',
  roles: ['customer'],
  minor: false,
  ...over,
});

export const command = (over: Partial<DecideCommand> = {}): DecideCommand => ({
  subjectId: SUBJECT,
  scope: { level: 'person', id: SUBJECT },
  purposeId: 'p',
  status: 'given',
  cause: 'person',
  decidedAt: NOW,
  bundleId: null,
  notice: null,
  evidence: { channel: 'myproximus-web', actor: 'self', caller: 'portal', origin: null },
  brand: null,
  attributes: {},
  ...over,
});

export const context = (over: Partial<DecideContext> = {}): DecideContext => ({
  now: NOW,
  version: 1,
  decisionId: '22222222-2222-4222-8222-222222222222',
  catalogueVersion: '2026-11-24.000000000000',
  systems: SYSTEM_DEADLINES,
  notices: [NOTICE],
  bundleClosedAt: null,
  ...openPrerequisites,
  ...over,
});

/** The steps that are decided, one after the other; refused ones leave no entry. */
export function history(
  steps: readonly Partial<DecideCommand>[],
  p: Purpose = optIn(),
  f: SubjectFacts | null = facts(),
  now = NOW,
): { entries: LedgerEntry[]; state: TripleState | null } {
  let state: TripleState | null = null;
  const entries: LedgerEntry[] = [];
  for (const step of steps) {
    const version = entries.length + 1;
    const result = decide(
      command({ purposeId: p.id, ...step }),
      state,
      p,
      f,
      context({ version, decisionId: `d${version}`, now }),
    );
    if (result.kind === 'refused') continue;
    entries.push(result.entry);
    state = evolve(state, result.entry);
  }
  return { entries, state };
}

export const closedPrerequisites: OtherPurposes = {
  prerequisites: () => ({ allowed: false, nextChangeAt: null }),
  noUnderAnotherRole: () => null,
};
export const openPrerequisites: OtherPurposes = {
  prerequisites: () => ({ allowed: true, nextChangeAt: null }),
  noUnderAnotherRole: () => null,
};

/** Whoever and whatever may cause an entry. */
export const CAUSES: readonly Cause[] = [
  'person',
  'guardian',
  'agent',
  'operator',
  'authority',
  'import',
  'clock',
  'facts',
  'catalogue',
];
