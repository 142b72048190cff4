import { type ProblemError } from '@consent/service-host';
import { type ConfirmationRefusal } from '../../record/confirm-request.js';
import { codedProblem } from './coded-problem.js';

const PROBLEMS: Readonly<Record<ConfirmationRefusal['code'], readonly [status: number, title: string]>> = {
  decision_unknown: [404, 'The decision is not known'],
  confirmation_channel_unfit: [422, 'The channel asks for a confirmation itself'],
  confirmation_not_awaited: [409, 'Nothing waits for this confirmation'],
  confirmation_too_late: [409, 'The time to confirm has passed'],
  confirmation_before_request: [422, 'A confirmation follows its request'],
};

/** The problem document of a confirmation that is refused. */
export const confirmationProblem = (refusal: ConfirmationRefusal): ProblemError =>
  codedProblem(PROBLEMS[refusal.code], refusal);
