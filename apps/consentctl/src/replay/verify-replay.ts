import { setTimeout as pause } from 'node:timers/promises';
import { mayPass } from '../cli-error.js';
import { IDS_A_REQUEST, ledgerHeads, type LedgerHead } from '../http/consent-service.js';
import { type Server } from '../http/ask.js';
import { effectiveState } from '../http/system-ops.js';
import { compareStates, type Difference, keyOf } from './compare-states.js';

const EVERY_MS = 500;

export interface Verification {
  /** Triples compared. */
  triples: number;
  differences: Difference[];
}

export interface VerifyRequest {
  consent: Server;
  system: Server;
  /** Decisions whose triples are compared. */
  ids: readonly string[];
  /** Epoch milliseconds. */
  deadline: number;
  now: () => number;
}

/**
 * Compares what the system does with what the ledger says, for every triple that the decisions moved, until they are
 * equal or the deadline has passed. The ledger is read anew each time: people decide meanwhile.
 */
export async function verifyReplay({ deadline, now, ids, ...servers }: VerifyRequest): Promise<Verification> {
  let open = ids;
  let triples: number | undefined;
  for (;;) {
    const round = await tryRound(servers, open, now() < deadline);
    if (round) {
      triples ??= round.triples;
      open = round.open;
      if (open.length === 0 || now() >= deadline) return { triples, differences: round.differences };
    }
    await pause(EVERY_MS);
  }
}

type Servers = Pick<VerifyRequest, 'consent' | 'system'>;

interface Round {
  triples: number;
  differences: Difference[];
  /** Decisions, one a triple, that are to be looked at again. */
  open: string[];
}

/** Undefined when a server gave no answer and there is time to ask again. */
async function tryRound(servers: Servers, ids: readonly string[], patient: boolean): Promise<Round | undefined> {
  try {
    return await compareOnce(servers, ids);
  } catch (error) {
    if (patient && mayPass(error)) return undefined;
    throw error;
  }
}

async function compareOnce({ consent, system }: Servers, ids: readonly string[]): Promise<Round> {
  const heads = new Map<string, LedgerHead>();
  const differences: Difference[] = [];
  for (let at = 0; at < ids.length; at += IDS_A_REQUEST) {
    const found = await ledgerHeads(consent, ids.slice(at, at + IDS_A_REQUEST));
    // A triple whose newest decision does not concern the system any more is none of its business.
    const fresh = found.filter((head) => head.systems.includes(system.name) && !heads.has(keyOf(head)));
    for (const head of fresh) heads.set(keyOf(head), head);
    const triples = fresh.map(({ subjectId, scopeId, purposeId }) => ({ subjectId, scopeId, purposeId }));
    const states = triples.length === 0 ? [] : await effectiveState(system, triples);
    differences.push(...compareStates(fresh, states));
  }
  const open = differences.flatMap((difference) => heads.get(keyOf(difference))?.decisionId ?? []);
  return { triples: heads.size, differences, open };
}
