import type { Fault } from '../bootstrap/fault.mjs';

/** Something the user can mend: its message is one line, shown without a stack trace. */
export class StackError extends Error {
  override name = 'StackError';
  /** What a program said before it gave up; shown below the line. */
  readonly details: string;

  constructor(message: string, details = '') {
    super(message);
    this.details = details;
  }
}

/** @throws StackError of a fault, in the words in which the doctor tells it too */
export function refuse(fault: Fault | undefined): void {
  if (fault) throw new StackError(`${fault.found}: ${fault.mend}`);
}
