import { describe, expect, it } from '@jest/globals';
import { causeOf } from './cause-of.js';
import { decide } from './decide.js';
import { isClosing } from './direction.js';
import { CAUSES, command, context, DAY, facts, NOW, optIn, optOut, purpose } from './test-fixtures.js';
import { checkTransition, type From, openTransitions, TRANSITIONS } from './transitions.js';
import { type Cause, type ChoiceModel, type Purpose, type Status, type TripleState } from './types.js';

const MODELS: ChoiceModel[] = ['opt-in', 'opt-out', 'objection-motivated', 'none'];
const STATUSES: Status[] = [
  'requested',
  'given',
  'refused',
  'withdrawn',
  'expired',
  'revoked',
  'objected',
  'objection_submitted',
  'objection_rejected',
  'objection_lifted',
];
const FROM: From[] = ['none', ...STATUSES];
const PERSON: Cause[] = ['person', 'guardian', 'agent'];

const purposeOf: Record<ChoiceModel, Purpose> = {
  'opt-in': optIn(),
  'opt-out': optOut(),
  'objection-motivated': optOut({ choiceModel: 'objection-motivated' }),
  none: purpose({ choiceModel: 'none', defaultAllowed: null, legalBasis: ['contract'] }),
};
const stateOf = (status: From): TripleState | null =>
  status === 'none'
    ? null
    : {
        version: 1,
        decisionId: 'd1',
        status,
        allowed: false,
        reason: 'given',
        nextChangeAt: null,
        decidedAt: NOW - DAY,
        closedDecidedAt: null,
        saidNoAt: null,
        announcedPeriod: null,
        endedCategories: [],
      };
const mayCause = (model: ChoiceModel, to: Status): readonly Cause[] =>
  TRANSITIONS[model].find((t) => t.to === to)?.causes ?? [];

describe('the table of transitions', () => {
  it('knows each of the ten statuses, and for each choice model only its own words', () => {
    const words = Object.fromEntries(MODELS.map((model) => [model, TRANSITIONS[model].map(({ to }) => to)]));
    expect(words).toEqual({
      'opt-in': ['requested', 'given', 'refused', 'withdrawn', 'expired', 'revoked'],
      'opt-out': ['objected', 'objection_lifted'],
      'objection-motivated': ['objection_submitted', 'objected', 'objection_rejected', 'objection_lifted'],
      none: [],
    });
    expect(new Set(Object.values(words).flat())).toEqual(new Set(STATUSES));
  });

  it('leads to each status of a model from nothing decided', () => {
    for (const model of MODELS) {
      const reached = new Set<From>(['none']);
      for (const from of reached) for (const { status } of openTransitions(model, from)) reached.add(status);
      expect([...reached].sort()).toEqual(['none', ...TRANSITIONS[model].map(({ to }) => to)].sort());
    }
  });

  it('is what decide obeys: each of the 3,960 moves is taken, or refused with exactly those that are open', () => {
    const wrong: string[] = [];
    for (const model of MODELS)
      for (const from of FROM)
        for (const status of STATUSES)
          for (const cause of CAUSES) {
            const evidence = {
              channel: 'web',
              actor: 'self' as const,
              caller: 'c',
              origin: { system: 's', eventId: 'e' },
            };
            const result = decide(
              command({ status, cause, evidence }),
              stateOf(from),
              purposeOf[model],
              facts(),
              context(),
            );
            const open = checkTransition(model, from, status, cause) === 'open';
            const told = result.kind === 'decided' || result.openTransitions;
            const fits = open ? told === true : JSON.stringify(told) === JSON.stringify(openTransitions(model, from));
            if (!fits) wrong.push(`${model}: ${from} → ${status} by ${cause}`);
          }
    expect(wrong).toEqual([]);
  });

  it('lets a no of the person in from every status and by everyone who can carry it (C84)', () => {
    const no = [
      ['opt-in', 'withdrawn'],
      ['opt-in', 'refused'],
      ['opt-out', 'objected'],
    ] as const;
    for (const [model, status] of no)
      for (const from of FROM)
        for (const cause of [...PERSON, 'operator', 'authority', 'import'] as const)
          expect(checkTransition(model, from, status, cause)).toBe('open');
  });

  it('lets nobody but the person, or who acts for the person, or evidence of it, say yes', () => {
    for (const [model, status] of [
      ['opt-in', 'given'],
      ['opt-out', 'objection_lifted'],
      ['objection-motivated', 'objection_lifted'],
    ] as const)
      expect(mayCause(model, status)).toEqual([...PERSON, 'import']);
  });

  it('leaves the answer to a reasoned objection to the operator, an authority, or the record of it', () => {
    expect(mayCause('objection-motivated', 'objected')).toEqual(['operator', 'authority', 'import']);
    expect(mayCause('objection-motivated', 'objection_rejected')).toEqual(['operator', 'authority']);
  });

  it('lets the clock end, and never open', () => {
    for (const model of MODELS)
      for (const { to, causes } of TRANSITIONS[model]) if (causes.includes('clock')) expect(isClosing(to)).toBe(true);
  });

  it('keeps an upheld objection from being put under assessment again, which could only lessen it', () => {
    expect(checkTransition('objection-motivated', 'objected', 'objection_submitted', 'person')).toBe(
      'transition_not_open',
    );
  });
});

describe('who moves a status, by the token', () => {
  it('is the person, the guardian or the agent for what is the person’s to say', () => {
    for (const status of ['given', 'withdrawn', 'objected', 'objection_submitted', 'objection_lifted'] as const)
      expect((['self', 'guardian', 'agent', 'system'] as const).map((actor) => causeOf(actor, status))).toEqual([
        'person',
        'guardian',
        'agent',
        'import',
      ]);
  });

  it('is the operator for the operator’s acts, when an employee or a system brings them, and never the person', () => {
    for (const status of ['requested', 'expired', 'revoked'] as const)
      expect((['self', 'guardian', 'agent', 'system'] as const).map((actor) => causeOf(actor, status))).toEqual([
        'person',
        'guardian',
        'operator',
        'operator',
      ]);
  });

  it('cannot answer a reasoned objection by the door of decisions', () => {
    for (const actor of ['self', 'guardian', 'agent', 'system'] as const)
      expect(
        checkTransition(
          'objection-motivated',
          'objection_submitted',
          'objection_rejected',
          causeOf(actor, 'objection_rejected'),
        ),
      ).toBe('cause_not_entitled');
  });
});
