import { type Cause, type ChoiceModel, type OpenTransition, type Status } from './types.js';

/** A status, or nothing decided yet. */
export type From = Status | 'none';

interface Transition {
  to: Status;
  /** `any`: a no counts from wherever it comes, also a second time (C84). */
  from: readonly From[] | 'any';
  causes: readonly Cause[];
}

const PERSON: readonly Cause[] = ['person', 'guardian', 'agent'];
/** A no may come in by every way: no cause that can carry one is shut out (C84). */
const ANYONE: readonly Cause[] = [...PERSON, 'operator', 'authority', 'import'];
const BY_ITSELF: readonly Cause[] = ['clock', 'facts', 'catalogue', 'operator', 'import'];

/** A no, or a yes that is missing, of each choice model: closed under every other one too, until the person says yes in its words. */
const NO_CONSENT: readonly Status[] = ['requested', 'refused', 'withdrawn', 'expired', 'revoked'];
const OBJECTION: readonly Status[] = ['objection_submitted', 'objected'];
const NO_OBJECTION: readonly Status[] = ['objection_rejected', 'objection_lifted'];

/** The answer to a request is never the person's own, nor given by who acts for the person (C28). */
const ANSWERS: readonly Transition[] = [
  { to: 'objected', from: ['objection_submitted'], causes: ['operator', 'authority', 'import'] },
  { to: 'objection_rejected', from: ['objection_submitted'], causes: ['operator', 'authority'] },
];

/**
 * Ten statuses, four choice models, and who may cause each move. GDPR art. 7 for opt-in, art. 21(2) for opt-out,
 * art. 21(1) and 18(1)(d) for objection-motivated; C26 and C28 for the words.
 * A purpose that changes its model keeps each person's status: a move is open from the other models' words too, so that nobody
 * is left without a way to say no to what is open, or yes to what is closed. What closed a consent counts as an objection, which
 * can be lifted; an objection, or its end, is no consent, which can be asked for.
 */
export const TRANSITIONS: Readonly<Record<ChoiceModel, readonly Transition[]>> = {
  'opt-in': [
    { to: 'requested', from: ['none', ...NO_CONSENT, ...OBJECTION, ...NO_OBJECTION], causes: ANYONE },
    { to: 'given', from: 'any', causes: [...PERSON, 'import'] },
    { to: 'refused', from: 'any', causes: ANYONE },
    { to: 'withdrawn', from: 'any', causes: ANYONE },
    { to: 'expired', from: ['requested', 'given'], causes: BY_ITSELF },
    { to: 'revoked', from: ['requested', 'given'], causes: ['operator', 'authority', 'catalogue', 'import'] },
  ],
  'opt-out': [
    { to: 'objected', from: 'any', causes: ANYONE },
    {
      to: 'objection_lifted',
      from: [...OBJECTION, ...NO_OBJECTION, ...NO_CONSENT, 'given'],
      causes: [...PERSON, 'import'],
    },
  ],
  'objection-motivated': [
    {
      to: 'objection_submitted',
      from: ['none', 'objection_submitted', ...NO_OBJECTION, 'given'],
      causes: ANYONE,
    },
    ...ANSWERS,
    { to: 'objection_lifted', from: [...OBJECTION, ...NO_CONSENT], causes: [...PERSON, 'import'] },
  ],
  none: [],
};

/**
 * A reply stays owed when the purpose asks for consent since, so an open objection is answered then too. Under opt-out it is
 * absolute: it can only be upheld, by the model's own word.
 */
const transitionsFrom = (model: ChoiceModel, from: From): readonly Transition[] =>
  model === 'opt-in' && from === 'objection_submitted' ? [...TRANSITIONS[model], ...ANSWERS] : TRANSITIONS[model];

/** The moves open from a status, for a refusal's answer and for the reader of a state. */
export const openTransitions = (model: ChoiceModel, from: From): readonly OpenTransition[] =>
  transitionsFrom(model, from)
    .filter((t) => t.from === 'any' || t.from.includes(from))
    .map(({ to, causes }) => ({ status: to, causes }));

export type TransitionCheck = 'open' | 'status_not_of_choice_model' | 'transition_not_open' | 'cause_not_entitled';

export function checkTransition(model: ChoiceModel, from: From, to: Status, cause: Cause): TransitionCheck {
  const transition = transitionsFrom(model, from).find((t) => t.to === to);
  if (transition === undefined) return 'status_not_of_choice_model';
  if (transition.from !== 'any' && !transition.from.includes(from)) return 'transition_not_open';
  return transition.causes.includes(cause) ? 'open' : 'cause_not_entitled';
}
