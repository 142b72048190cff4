import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { assess } from '../http/objections.js';
import { type Report } from '../output/report.js';
import { yesNo } from '../output/words.js';

/** Upholds or rejects an objection that somebody else recorded. */
export async function assessObjection(
  { servers }: Context,
  id: string,
  assessment: { outcome: 'upheld' | 'rejected'; ground: string },
): Promise<Report> {
  const decision = await assess(servers.consent, id, assessment);
  const { decisionId, purposeId, status, permission } = decision;
  const text = `Objection ${id} ${assessment.outcome}: ${purposeId} is ${status}, ${yesNo(permission.allowed)}\ndecision ${decisionId}`;
  return { json: { objectionId: id, decision }, text, exitCode: EXIT.ok };
}
