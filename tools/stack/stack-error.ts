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
