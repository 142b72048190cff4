import { createHash } from 'node:crypto';
import { type Secrets } from '../secrets.ts';
import { writeAtomically } from '../write-atomically.ts';

/** The callers of a local stack: a channel that records, an operator who replays, and the monitor, which reads. */
const CALLERS = [
  { name: 'demo-channel', actor: 'self', may: ['record', 'read'], secret: 'token_channel' },
  { name: 'operator', actor: 'agent', may: ['read', 'operate', 'assess'], secret: 'token_operator' },
  { name: 'propagation-monitor', actor: 'system', may: ['read'], secret: 'token_monitor' },
] as const;

/** Bearer tokens, in plain: for the command line and the demonstration. */
export interface Tokens {
  channel: string;
  operator: string;
  /** With which the monitor asks what the ledger holds. */
  monitor: string;
  /** For parked decisions at each system. */
  ops: string;
}

/** Writes CALLERS_FILE, which holds hashes alone. */
export function writeCallers(file: string, secrets: Secrets): Tokens {
  const callers = CALLERS.map(({ secret, ...caller }) => ({ ...caller, tokenSha256: sha256(secrets.get(secret)) }));
  writeAtomically(file, `${JSON.stringify(callers, null, 2)}\n`, 0o600);
  return {
    channel: secrets.get('token_channel'),
    operator: secrets.get('token_operator'),
    monitor: secrets.get('token_monitor'),
    ops: secrets.get('token_ops'),
  };
}

export const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');
