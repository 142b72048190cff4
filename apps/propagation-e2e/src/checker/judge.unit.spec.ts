import { describe, expect, it } from '@jest/globals';
import { type ConsentDecision, type PropagationAcknowledgement } from '@consent/events';
import { type Evidence } from './evidence.js';
import { judge } from './judge.js';

const decision = (n: number, more: Partial<ConsentDecision> = {}): ConsentDecision =>
  ({ decisionId: `d${n}`, subjectId: 's', version: n, cause: 'person', ...more }) as ConsentDecision;
const acknowledgement = (n: number, more: Partial<PropagationAcknowledgement> = {}): PropagationAcknowledgement =>
  ({ decisionId: `d${n}`, systemId: 'x', purposeId: 'p', outcome: 'applied', ...more }) as PropagationAcknowledgement;

/** A run of two decisions in which every promise held. */
const good = (): Evidence => ({
  history: [
    { kind: 'accepted', decisionId: 'd1', subjectId: 's', version: 1 },
    { kind: 'accepted', decisionId: 'd2', subjectId: 's', version: 2 },
    { kind: 'observed', systemId: 'x', triple: 't', version: 1, allowed: true },
    { kind: 'observed', systemId: 'x', triple: 't', version: 2, allowed: false },
  ],
  ledger: [1, 2].map((version) => ({
    decisionId: `d${version}`,
    subjectId: 's',
    version,
    triple: 't',
    allowed: version === 1,
    systems: ['x'],
  })),
  decisions: [decision(1), decision(2), decision(1), decision(9, { cause: 'heartbeat' })],
  acknowledgements: [acknowledgement(1), acknowledgement(2), acknowledgement(9, { purposeId: 'heartbeat' })],
  effectiveStates: new Map([['x', [{ triple: 't', version: 2, allowed: false, heldBack: false }]]]),
});

const broken = (change: (evidence: Evidence) => void): string[] => {
  const evidence = good();
  change(evidence);
  return judge(evidence).map((violation) => violation.promise);
};

describe('The judge', () => {
  it('finds nothing in a run that kept every promise, duplicates and heartbeats included', () => {
    expect(judge(good())).toEqual([]);
  });

  it.each<[string, (evidence: Evidence) => void]>([
    ['accepted is recorded', (e) => e.history.push({ kind: 'accepted', decisionId: 'd3', subjectId: 's', version: 3 })],
    ['versions are gapless', (e) => e.ledger.forEach((entry) => (entry.version += 1))],
    ['recorded is published', (e) => (e.decisions = e.decisions.filter((d) => d.decisionId !== 'd2'))],
    ['published in order', (e) => e.decisions.splice(0, 2, decision(2), decision(1))],
    ['published is recorded', (e) => e.decisions.push(decision(7))],
    ['every concerned system acknowledges', (e) => e.acknowledgements.splice(1, 1)],
    ['every concerned system acknowledges', (e) => (e.acknowledgements[1] = acknowledgement(2, { outcome: 'parked' }))],
    ['only concerned systems speak', (e) => e.acknowledgements.push(acknowledgement(2, { systemId: 'y' }))],
    ['effective state equals the ledger', (e) => e.effectiveStates.set('x', [])],
    [
      'effective state equals the ledger',
      (e) => e.effectiveStates.set('x', [{ triple: 't', version: 2, allowed: true, heldBack: false }]),
    ],
    [
      'no state goes back',
      (e) => e.history.push({ kind: 'observed', systemId: 'x', triple: 't', version: 1, allowed: true }),
    ],
  ])('finds a broken promise: %s', (promise, change) => {
    expect(broken(change)).toContain(promise);
  });

  it('lets a system go back once after its database was put back', () => {
    expect(
      broken((e) =>
        e.history.push(
          { kind: 'restored', systemId: 'x' },
          { kind: 'observed', systemId: 'x', triple: 't', version: 1, allowed: true },
        ),
      ),
    ).toEqual([]);
  });
});
