import { describe, expect, it } from '@jest/globals';
import { type LedgerHead } from '../http/consent-service.js';
import { compareStates } from './compare-states.js';

const head = (allowed: boolean, version: number): LedgerHead => ({
  decisionId: 'd',
  subjectId: 's',
  scopeId: 'c',
  purposeId: 'p',
  allowed,
  version,
  systems: ['directory-listing'],
});
const state = (allowed: boolean, version: number) => ({
  subjectId: 's',
  scopeId: 'c',
  purposeId: 'p',
  allowed,
  version,
});

describe('Verification', () => {
  it('equal states are no difference', () => {
    expect(compareStates([head(true, 3)], [state(true, 3)])).toEqual([]);
  });

  it.each([
    ['acts_against_ledger', head(false, 3), [state(true, 3)]],
    ['acts_against_ledger', head(false, 3), [state(true, 2)]],
    ['does_not_act', head(true, 3), [state(false, 3)]],
    ['older', head(true, 3), [state(true, 2)]],
    ['newer', head(true, 3), [state(true, 4)]],
    ['unknown_to_system', head(false, 3), []],
  ])('%s is a difference', (kind, ledger, states) => {
    expect(compareStates([ledger], states)).toEqual([expect.objectContaining({ kind, subjectId: 's' })]);
  });

  it('a state of another triple answers for nothing', () => {
    expect(compareStates([head(false, 3)], [{ ...state(false, 3), scopeId: 'other' }])).toHaveLength(1);
  });
});
