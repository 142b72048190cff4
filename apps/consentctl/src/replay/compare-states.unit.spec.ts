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
  effective: true,
  versionInForce: version,
  systems: ['directory-listing'],
});
/** Version 5 is evidence without effect; version 3 is in force. */
const evidence = (allowed: boolean): LedgerHead => ({ ...head(allowed, 5), effective: false, versionInForce: 3 });
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

  it.each([
    ['in force before the evidence', evidence(true), state(true, 3)],
    ['of the evidence', evidence(false), state(false, 5)],
  ])('the version %s is no difference', (_, ledger, held) => {
    expect(compareStates([ledger], [held])).toEqual([]);
  });

  it.each([
    ['older', evidence(true), state(true, 2)],
    ['acts_against_ledger', evidence(false), state(true, 3)],
    ['does_not_act', evidence(true), state(false, 5)],
    ['newer', evidence(true), state(true, 6)],
    ['older', { ...head(true, 5), versionInForce: 3 }, state(true, 3)],
    ['older', { ...evidence(false), versionInForce: null }, state(false, 3)],
  ])('beside evidence without effect, %s is still a difference', (kind, ledger, held) => {
    expect(compareStates([ledger], [held])).toEqual([expect.objectContaining({ kind })]);
  });

  it.each([
    ['opening that is parked', head(true, 3), 2],
    ['opening while unreadable bytes of the subject wait', head(true, 3), 3],
    ['closing that is parked', head(false, 3), 2],
    ['decision that is parked, where nothing is applied yet', head(true, 3), 0],
  ])('the %s is told as held back', (_, ledger, version) => {
    expect(compareStates([ledger], [{ ...state(false, version), heldBack: true }])).toEqual([
      expect.objectContaining({ kind: 'held_back' }),
    ]);
  });

  it('a closing that is applied is no difference, though something older of the triple is held back', () => {
    expect(compareStates([head(false, 3)], [{ ...state(false, 3), heldBack: true }])).toEqual([]);
  });

  it('a state of another triple answers for nothing', () => {
    expect(compareStates([head(false, 3)], [{ ...state(false, 3), scopeId: 'other' }])).toHaveLength(1);
  });
});
