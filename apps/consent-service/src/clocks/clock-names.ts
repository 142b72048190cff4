import { type LedgerEntry, type Noted, notedIn } from '@consent/consent-rules';

/**
 * What fell due: a consent, something of the contract, a request nobody confirmed, what stood on one of these, data of
 * some kind, a proof, the reply to an objection.
 */
export type ClockKind = 'consent' | 'contract' | 'confirmation' | 'prerequisite' | 'data' | 'proof' | 'reply';

const KIND_OF_NOTE: Readonly<Record<Noted, ClockKind>> = {
  'data-retention': 'data',
  'proof-retention': 'proof',
  reply: 'reply',
};

export function kindOf(entry: LedgerEntry): ClockKind {
  const noted = notedIn(entry);
  if (noted !== null) return KIND_OF_NOTE[noted];
  switch (entry.permission.reason) {
    case 'consent_lapsed':
      return 'consent';
    case 'prerequisite_closed':
      return 'prerequisite';
    case 'expired':
      return 'confirmation';
    default:
      return 'contract';
  }
}

/** Names, units and meanings of what the scheduler measures. */
export const CLOCK_METRICS = {
  due: {
    name: 'consent_clock_due_subjects',
    unit: '{subject}',
    description: 'Subjects of whom something is due and not done',
  },
  oldest: {
    name: 'consent_clock_oldest_due_age_seconds',
    unit: 's',
    description:
      'How long the oldest thing due has waited, since its moment or since that became known; keeps rising while the scheduler is stuck, 0 when nothing is due',
  },
  done: { name: 'consent_clock_done_total', unit: '{item}', description: 'What fell due and was done, by kind' },
  objections: {
    name: 'consent_objections_open',
    unit: '{objection}',
    description: 'Reasoned objections without an answer; processing is restricted meanwhile',
  },
  overdue: {
    name: 'consent_objections_overdue',
    unit: '{objection}',
    description: 'Of these, those whose legal time to reply has passed',
  },
  setAside: {
    name: 'consent_clock_set_aside_subjects',
    unit: '{subject}',
    description: 'Subjects whose clocks failed and are left alone for a while; in the process that tried',
  },
} as const;

export const CLOCK_METER = 'consent-clocks';
