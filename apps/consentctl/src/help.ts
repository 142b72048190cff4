/** Shown under the options of `consentctl --help`. */
export const HELP = `
Examples:
  consentctl systems status
  consentctl subject show 6c1f5f6e-3f0b-4c56-9f0e-0d7b3e0c8a11
  consentctl subject why 6c1f5f6e-3f0b-4c56-9f0e-0d7b3e0c8a11 --purpose customer-newsletter
  consentctl purposes diff ./catalogue
  consentctl replay --system directory-listing --unacknowledged --dry-run
  consentctl replay --system directory-listing --since 24h --mode repair --wait
  consentctl parked list --system group-sharing --json

Exit codes:
  0  done, nothing wrong found
  1  a difference or a conflict was found, a replay is not through, a line of facts was rejected, a reply is overdue,
     or an answer is missing
  2  an argument, flag or setting is wrong; no server was asked
  3  a server gave no answer
  4  a server refused: token missing or not entitled, or the request does not fit
  5  a server does not know the subject, decision, purpose, replay, objection or parked decision
  6  a server failed, or answered something that is not its API
  70 consentctl itself has a defect

Tokens are read from CONSENT_TOKEN and OPS_TOKEN, or from the files named; never from a flag.`;
