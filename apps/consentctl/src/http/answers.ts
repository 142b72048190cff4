import { CliError, mayPass } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import { type Decision } from './consent-service.js';
import { type Propagation, type SystemAnswer } from './monitor.js';

/** What the monitor knows about some decisions; `fault` says why it knows nothing. */
export interface KnownAnswers {
  of: ReadonlyMap<string, SystemAnswer[]>;
  /** All that the monitor has seen, also what the ledger does not hold. */
  seen: readonly Propagation[];
  fault?: string;
}

/** Waits for the monitor's answer. One that gives none, or has not seen the decision yet, leaves the answers unknown. */
export async function knownAnswers(asked: Promise<Propagation[]>): Promise<KnownAnswers> {
  try {
    const seen = await asked;
    return { of: new Map(seen.map(({ decisionId, systems }) => [decisionId, systems])), seen };
  } catch (error) {
    const notSeen = error instanceof CliError && error.exitCode === EXIT.notFound;
    if (!notSeen && !mayPass(error)) throw error;
    return { of: new Map(), seen: [], fault: (error as Error).message };
  }
}

/** A system that the decision concerns and of which the monitor says nothing is `unknown`: never left out, never fine. */
export function answersOf(decision: Decision, { of }: KnownAnswers): SystemAnswer[] {
  const answers = of.get(decision.decisionId) ?? [];
  const heard = new Set(answers.map(({ systemId }) => systemId));
  const silent = decision.systems.filter(({ systemId }) => !heard.has(systemId));
  return [...answers, ...silent.map(({ systemId, applyBy }) => ({ systemId, state: 'unknown', applyBy }))];
}
