import { type Server } from '../http/ask.js';
import { decisionsOfSubject, replayDecisionIds, type ReplayRun } from '../http/consent-service.js';

/** The decisions that a replay delivers, or more of the same subject: what is to be verified afterwards. */
export async function replayedDecisions(consent: Server, replayId: string, run: ReplayRun): Promise<string[]> {
  const { decisionIds, subject } = run.select;
  if (decisionIds) return decisionIds;
  if (subject === undefined) return replayDecisionIds(consent, replayId);
  const decisions = await decisionsOfSubject(consent, subject);
  return decisions
    .filter(({ systems }) => systems.some(({ systemId }) => systemId === run.system))
    .map(({ decisionId }) => decisionId);
}
