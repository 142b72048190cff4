/** Something the user can mend: shown as its one line, without a stack trace. */
export class StackError extends Error {
  override name = 'StackError';
}
