import { describe, expect, it } from '@jest/globals';
import { decide } from '../decide.js';
import { evolve } from '../evolve.js';
import { permissionOf, decidedIn } from '../permission.js';
import {
  command,
  context,
  facts,
  history,
  motivated,
  NOW,
  openPrerequisites,
  optIn,
  optOut,
} from '../test-fixtures.js';
import { openTransitions } from '../transitions.js';
import { type DecideCommand, type Purpose, type Status, type TripleState } from '../types.js';

const MODELS: Readonly<Record<string, Purpose>> = {
  'opt-in': optIn(),
  'opt-out': optOut(),
  'objection-motivated': motivated(),
};
const office = { cause: 'operator', evidence: { ...command().evidence, caller: 'office' } } as const;
type Step = Partial<DecideCommand> & { status: Status };

/** How a person comes to each status, under the model that knows it first. */
const WAYS: Readonly<Record<Status, readonly [model: string, ...Step[]]>> = {
  requested: ['opt-in', { status: 'requested', ...office }],
  given: ['opt-in', { status: 'given' }],
  refused: ['opt-in', { status: 'refused' }],
  withdrawn: ['opt-in', { status: 'given' }, { status: 'withdrawn' }],
  expired: ['opt-in', { status: 'given' }, { status: 'expired', ...office }],
  revoked: ['opt-in', { status: 'given' }, { status: 'revoked', ...office }],
  objected: ['opt-out', { status: 'objected' }],
  objection_lifted: ['opt-out', { status: 'objected' }, { status: 'objection_lifted' }],
  objection_submitted: ['objection-motivated', { status: 'objection_submitted' }],
  objection_rejected: [
    'objection-motivated',
    { status: 'objection_submitted' },
    { status: 'objection_rejected', ...office },
  ],
};
const STATUSES = Object.keys(WAYS) as Status[];
const EACH = STATUSES.flatMap((status) => Object.keys(MODELS).map((model) => [status, model] as const));

function leftIn(status: Status): TripleState {
  const [model, ...steps] = WAYS[status];
  const told = steps.map((step, i) => ({ ...step, decidedAt: NOW - 10 + i }));
  const { state } = history(told, MODELS[model]);
  if (state?.status !== status) throw new Error(`${status} is not reached`);
  return state;
}

const isOpen = (state: TripleState, purpose: Purpose): boolean =>
  permissionOf(purpose, decidedIn(state), facts(), NOW, openPrerequisites).allowed;

/** The state after what the person says next; null when it is refused. */
function afterSaying(status: Status, state: TripleState, purpose: Purpose, decidedAt: number): TripleState | null {
  const result = decide(command({ status, decidedAt }), state, purpose, facts(), context());
  return result.kind === 'refused' ? null : evolve(state, result.entry);
}

describe('a purpose whose choice model changes', () => {
  it.each(EACH)(
    'leaves who was %s a way back under %s: one word of the person turns the answer, and one turns it again',
    (status, model) => {
      const purpose = MODELS[model] as Purpose;
      let state = leftIn(status);
      for (const decidedAt of [NOW - 2, NOW - 1]) {
        const before = isOpen(state, purpose);
        const words = openTransitions(purpose.choiceModel, state.status).map((open) => open.status);
        const found = words
          .map((word) => afterSaying(word, state, purpose, decidedAt))
          .find((then) => then !== null && isOpen(then, purpose) !== before);
        if (!found) throw new Error(`${state.status} under ${model} is a dead end; open are ${words.join(', ')}`);
        state = found;
      }
      expect(isOpen(state, purpose)).toBe(isOpen(leftIn(status), purpose));
    },
  );

  it.each(STATUSES.filter((status) => !isOpen(leftIn(status), optOut())))(
    'counts %s as an objection under opt-out, which the person alone lifts, and an older yes does not',
    (status) => {
      const left = leftIn(status);
      const lifting = openTransitions('opt-out', status).find((open) => open.status === 'objection_lifted');
      expect(lifting?.causes).toEqual(['person', 'guardian', 'agent', 'import']);
      expect(afterSaying('objection_lifted', left, optOut(), NOW)).toMatchObject({ allowed: true });
      if (left.closedDecidedAt !== null)
        expect(afterSaying('objection_lifted', left, optOut(), left.closedDecidedAt)).toMatchObject({ allowed: false });
    },
  );

  it('leaves the answer to an open objection, and it alone, to the operator and an authority under opt-in', () => {
    const answers = ['objected', 'objection_rejected'] as const;
    const added = STATUSES.flatMap((from) =>
      openTransitions('opt-in', from).filter(({ status }) => answers.some((answer) => answer === status)),
    );
    expect(added).toEqual([
      { status: 'objected', causes: ['operator', 'authority', 'import'] },
      { status: 'objection_rejected', causes: ['operator', 'authority'] },
    ]);
    for (const status of answers) {
      const result = decide(command({ status, ...office }), leftIn('objection_submitted'), optIn(), facts(), context());
      expect(result).toMatchObject({ entry: { effective: true, permission: { allowed: false } } });
    }
  });

  it('leaves an objection under assessment while a consent is asked for', () => {
    const left = leftIn('objection_submitted');
    const asked = decide(command({ status: 'requested', ...office }), left, optIn(), facts(), context());
    const { allowed, reason, nextChangeAt } = left;
    expect(asked).toMatchObject({ entry: { effective: false, permission: { allowed, reason, nextChangeAt } } });
  });

  it.each(['requested', 'refused', 'withdrawn', 'expired', 'revoked'] as const)(
    'puts no %s under assessment, which could only lessen it',
    (status) => {
      expect(openTransitions('objection-motivated', status).map((open) => open.status)).toEqual(['objection_lifted']);
    },
  );
});
