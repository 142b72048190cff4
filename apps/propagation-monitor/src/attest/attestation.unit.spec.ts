import { describe, expect, it } from '@jest/globals';
import { ledgerStatus, type LedgerEvidence } from './attestation.js';

const AT = 1_790_000_000_000;
const clean = { missing: 0, unrecorded: 0, waiting: 0, oldestMissingAt: null, asOf: AT };
const statusOf = (over: Partial<LedgerEvidence>, now = AT) =>
  ledgerStatus({ findings: clean, foundAt: AT, failure: null, ...over }, now, 30_000);

describe('the word for ledger against topic', () => {
  it('is attested only after a check that found nothing', () => {
    expect(statusOf({})).toMatchObject({ word: 'attested', reason: null, missing: 0 });
  });

  it('is unchecked before the first check, while checks fail and when the last is old, each with its reason', () => {
    expect(statusOf({ findings: null })).toMatchObject({ word: 'unchecked', reason: 'not-yet', missing: null });
    expect(statusOf({ failure: 'unauthorised' })).toMatchObject({ word: 'unchecked', reason: 'unauthorised' });
    expect(statusOf({}, AT + 90_001)).toMatchObject({ word: 'unchecked', reason: 'stale' });
  });

  it('stays missing while checks fail, and ages', () => {
    const findings = { ...clean, missing: 2, oldestMissingAt: AT - 5_000 };
    expect(statusOf({ findings, failure: 'unreachable' }, AT + 1_000)).toMatchObject({
      ...{ word: 'missing', reason: 'unreachable', missing: 2, oldestMissingAgeMs: 6_000 },
    });
  });

  it('is unrecorded when the topic showed what the ledger does not hold', () => {
    expect(statusOf({ findings: { ...clean, unrecorded: 1 } }).word).toBe('unrecorded');
  });
});
