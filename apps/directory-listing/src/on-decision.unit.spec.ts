import { describe, expect, it } from '@jest/globals';
import { type ConsentDecision } from '@consent/events';
import { onDecision, PURPOSES } from './on-decision.js';
import { decision } from './spec-decision.js';

const kinds = (made: ConsentDecision) => onDecision(made).map(({ kind, part }) => `${kind} ${part}`);

describe('directory-listing, systems.md section 4', () => {
  it('1. offers the entry of a line on a grant of the person', () => {
    expect(kinds(decision('directory-contact-listing', 'opening'))).toEqual(['offer contact']);
  });

  it('2. withholds the entry after a withdrawal', () => {
    expect(kinds(decision('directory-contact-listing', 'closing'))).toEqual(['withhold contact']);
  });

  it('3. shows or hides the profession alone on a decision about the profession', () => {
    expect(kinds(decision('directory-profession-listing', 'opening'))).toEqual(['offer profession']);
    expect(kinds(decision('directory-profession-listing', 'closing'))).toEqual(['withhold profession']);
  });

  it('5. treats a withdrawal alike whatever channel it came through', () => {
    const made = decision('directory-contact-listing', 'closing');
    for (const channel of ['myproximus-web', 'web-form', 'email-directory', 'letter-directory', 'never-heard-of'])
      expect(kinds({ ...made, evidence: { ...made.evidence, channel } })).toEqual(['withhold contact']);
  });

  it('10. touches the line of the decision and no other', () => {
    const made = decision('directory-contact-listing', 'closing');
    expect(onDecision(made)).toEqual([
      {
        kind: 'withhold',
        part: 'contact',
        decisionId: made.decisionId,
        subjectId: made.subjectId,
        lineId: made.scope.id,
        purposeId: made.purposeId,
        version: made.version,
      },
    ]);
  });

  it('keeps apart a permission that came back without the person, so that it cannot undo what a feed closed', () => {
    for (const cause of ['clock', 'facts', 'catalogue', 'import', 'operator', 'unknown'] as const)
      expect(kinds({ ...decision('directory-contact-listing', 'opening'), cause })).toEqual(['reopen contact']);
  });

  it('stops and resumes the supply to publishers on a decision about it', () => {
    expect(kinds(decision('directory-statutory-provision', 'closing'))).toEqual(['withhold provision']);
    expect(kinds(decision('directory-statutory-provision', 'opening'))).toEqual(['offer provision']);
  });

  it.each(PURPOSES)('takes a direction it does not know as a closing: %s', (purpose) => {
    expect(onDecision({ ...decision(purpose, 'opening'), direction: 'unknown' })[0]?.kind).toBe('withhold');
  });

  it('refuses a purpose it has no rule for, naming those it knows', () => {
    expect(() => onDecision(decision('customer-newsletter', 'closing'))).toThrow(
      'no rule for the purpose customer-newsletter; it knows directory-contact-listing',
    );
  });
});
