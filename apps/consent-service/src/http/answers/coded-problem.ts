import { ProblemError } from '@consent/service-host';
import { type Refusal } from '../../record/refusal.js';

/** The problem document of a refusal: its code is the type, and the transitions that are open instead are listed where it has them. */
export const codedProblem = (
  [status, title]: readonly [status: number, title: string],
  { code, message, openTransitions }: { code: string } & Pick<Refusal, 'message' | 'openTransitions'>,
): ProblemError =>
  new ProblemError(
    status,
    code.replaceAll('_', '-'),
    title,
    message,
    openTransitions === undefined ? {} : { openTransitions },
  );
