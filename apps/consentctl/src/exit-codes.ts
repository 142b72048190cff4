/** What the shell sees. Documented in docs/consentctl.md; a script may rely on them. */
export const EXIT = {
  ok: 0,
  /** The command ran, and what it found is not as it should be: a difference, a replay that is not through, an answer missing. */
  incomplete: 1,
  /** An argument, a flag or a setting is wrong. Nothing was asked of any server. */
  usage: 2,
  /** A server gave no answer. */
  unreachable: 3,
  /** A server understood and refused: token missing or not entitled, or the request does not fit its state. */
  refused: 4,
  /** A server does not know the subject, decision, purpose or parked decision. */
  notFound: 5,
  /** A server failed, or answered something that is not its API. */
  serverFault: 6,
  /** This program has a defect; EX_SOFTWARE of sysexits.h. */
  defect: 70,
  /** Ctrl-C. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
