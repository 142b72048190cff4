import { type Actor } from '@consent/events';
import { type Cause, type ChoiceModel, type Status } from './types.js';

/** Statuses that are the operator's act, not the person's choice. The answer to a reasoned objection has a door of its own. */
const OPERATORS_ACT: ReadonlySet<Status> = new Set<Status>(['requested', 'expired', 'revoked']);

/**
 * Who moved the status, from the authenticated actor. A system never speaks for the person by itself: what it brings
 * is an import, which may close, and opens only with evidence.
 */
export function causeOf(actor: Actor, status: Status): Cause {
  switch (actor) {
    case 'self':
      return 'person';
    case 'guardian':
      return 'guardian';
    case 'agent':
      return OPERATORS_ACT.has(status) ? 'operator' : 'agent';
    case 'system':
    case 'unknown':
      return OPERATORS_ACT.has(status) ? 'operator' : 'import';
  }
}

/** The answer to a reasoned objection is given at its own door, by the operator or an authority. */
const ANSWER: ReadonlySet<Status> = new Set<Status>(['objected', 'objection_rejected']);

/** Whether any door of the service records this status with this cause: an employee brings a person's no as an agent. */
export function isBrought(cause: Cause, status: Status, model: ChoiceModel): boolean {
  if (model === 'objection-motivated' && ANSWER.has(status)) return cause === 'operator' || cause === 'authority';
  if (cause === 'operator' || cause === 'agent') return causeOf('agent', status) === cause;
  return cause !== 'clock' && cause !== 'facts' && cause !== 'catalogue';
}
