/** One fault of an input: where it is, what is wrong with it and what is expected there. */
export interface InputError {
  /** Path within the input, such as `scope.id`; empty for the input as a whole. */
  path: string;
  message: string;
  expected: string;
}

export interface ProblemExtra {
  errors?: readonly InputError[];
  [member: string]: unknown;
}

/** The body of a problem document (RFC 9457). */
export interface ProblemDocument extends ProblemExtra {
  type: string;
  title: string;
  status: number;
  detail: string;
}

/** An error that an HTTP edge answers with, as application/problem+json. */
export class ProblemError extends Error {
  override name = 'ProblemError';

  /**
   * @param type slug; on the wire `urn:consent:problem:<slug>`
   * @param title the same for every problem of the type
   * @param detail what is wrong this time, where, and what is expected
   * @param extra further members of the document
   * @param headers of the answer, such as Allow or Retry-After
   */
  constructor(
    readonly status: number,
    readonly type: string,
    readonly title: string,
    readonly detail: string,
    readonly extra: ProblemExtra = {},
    readonly headers: Readonly<Record<string, string>> = {},
  ) {
    super(`${title}: ${detail}`);
  }

  toDocument(): ProblemDocument {
    return {
      type: `urn:consent:problem:${this.type}`,
      title: this.title,
      status: this.status,
      detail: this.detail,
      ...this.extra,
    };
  }
}
