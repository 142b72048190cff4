import { describe, expect, it } from '@jest/globals';
import { type ConsentDecision, type PropagationAcknowledgement } from '@consent/events';
import { type Evidence, type HistoryLine } from './evidence.js';
import { judge } from './judge.js';

const decision = (n: number, more: Partial<ConsentDecision> = {}): ConsentDecision =>
  ({ decisionId: `d${n}`, subjectId: 's', version: n, cause: 'person', ...more }) as ConsentDecision;
const acknowledgement = (n: number, more: Partial<PropagationAcknowledgement> = {}): PropagationAcknowledgement =>
  ({
    decisionId: `d${n}`,
    systemId: 'x',
    purposeId: 'p',
    outcome: 'applied',
    effects: [{ effect: 'changed', count: 1 }],
    ...more,
  }) as PropagationAcknowledgement;

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
    ["every closing's effect ran", (e) => (e.acknowledgements[1] = acknowledgement(2, { effects: [] }))],
    ['every system was looked at', (e) => e.effectiveStates.clear()],
    ['every system was looked at', (e) => e.ledger[1]?.systems.push('y')],
    ['effective state equals the ledger', (e) => e.effectiveStates.set('x', [])],
    [
      'effective state equals the ledger',
      (e) => e.effectiveStates.set('x', [{ triple: 't', version: 2, allowed: true, heldBack: false }]),
    ],
    [
      'every state follows from the ledger',
      (e) => e.effectiveStates.get('x')?.push({ triple: 'never decided', version: 1, allowed: true, heldBack: false }),
    ],
    [
      'every state follows from the ledger',
      (e) => e.effectiveStates.set('y', [{ triple: 't', version: 2, allowed: false, heldBack: false }]),
    ],
    [
      'every state follows from the ledger',
      (e) => e.history.push({ kind: 'observed', systemId: 'x', triple: 't', version: 2, allowed: true }),
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

type Answer = readonly [outcome: PropagationAcknowledgement['outcome'], count?: number];

/** Decisions about one triple, openings and closings in turn, with what the one system answered to each. */
const answered = (answers: readonly (Answer | readonly Answer[])[], history: HistoryLine[] = []): string[] => {
  const ledger = answers.map((_, index) => ({
    decisionId: `d${index + 1}`,
    subjectId: 's',
    version: index + 1,
    triple: 't',
    allowed: index % 2 === 0,
    systems: ['x'],
  }));
  const acknowledgements = answers.flatMap((some, index) =>
    [some].flat(Array.isArray(some[0]) ? 1 : 0).map((answer) => {
      const [outcome, count = 0] = answer as Answer;
      return acknowledgement(index + 1, { outcome, effects: count === 0 ? [] : [{ effect: 'changed', count }] });
    }),
  );
  const { version = 0, allowed = false } = ledger.at(-1) ?? {};
  return judge({
    history,
    ledger,
    decisions: ledger.map((entry) => decision(entry.version)),
    acknowledgements,
    effectiveStates: new Map([['x', [{ triple: 't', version, allowed, heldBack: false }]]]),
  }).map((violation) => violation.promise);
};

describe('That the effect of every closing ran', () => {
  it.each<[string, (Answer | readonly Answer[])[]]>([
    [
      'a closing that undid what the opening began',
      [
        ['applied', 1],
        ['applied', 2],
        ['applied', 1],
      ],
    ],
    [
      'a closing that a newer opening superseded, its effect counted',
      [
        ['applied', 1],
        ['superseded', 1],
        ['applied', 1],
      ],
    ],
    [
      'closings of one chunk, of which the last did what all would have done',
      [['applied', 1], ['superseded'], ['superseded'], ['superseded', 1], ['applied', 1]],
    ],
    ['a closing of what never began', [['superseded'], ['superseded'], ['applied', 1]]],
    [
      'a closing answered twice, the second time without its count',
      [
        ['applied', 1],
        [['superseded', 1], ['superseded']],
        ['applied', 1],
      ],
    ],
  ])('is seen in %s', (_, answers) => {
    expect(answered(answers)).toEqual([]);
  });

  it.each<[string, (Answer | readonly Answer[])[]]>([
    [
      'superseded, nothing was undone and the next opening began again',
      [['applied', 1], ['superseded'], ['applied', 1]],
    ],
    [
      'superseded, nothing was undone and the next opening had nothing to begin',
      [['applied', 1], ['superseded'], ['no_effect']],
    ],
    ['in force, nothing was undone', [['applied', 1], ['no_effect']]],
    ['called applied, nothing was undone', [['applied', 1], ['applied']]],
  ])('is missed when a closing was %s', (_, answers) => {
    expect(answered(answers)).toEqual(["every closing's effect ran"]);
  });

  it('is believed of a killed system, whose answer may be lost, only where the next opening began anew', () => {
    const killed: HistoryLine[] = [{ kind: 'killed', systemId: 'x' }];
    expect(answered([['applied', 1], ['superseded'], ['applied', 1]], killed)).toEqual([]);
    expect(answered([['applied', 1], ['superseded'], ['no_effect']], killed)).toEqual(["every closing's effect ran"]);
    expect(answered([['applied', 1], ['no_effect']], killed)).toEqual(["every closing's effect ran"]);
  });
});
