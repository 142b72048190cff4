import { type DecideCommand } from '@consent/consent-rules';
import { type Transaction } from '@consent/postgres';
import { type Caller } from '../callers/callers.js';
import { recordDecisions, type RecordContext, type Recorded } from '../record/record-decisions.js';
import { lockObjection, type ObjectionRefusal } from './change-objection.js';
import { type ObjectionRow } from './objection-row.js';

export interface Assessment {
  outcome: 'upheld' | 'rejected';
  /** Why, as a code. */
  ground: string;
}

/** As the evidence of an assessment names its channel. */
const CHANNEL = 'objection-assessment';

/**
 * Answers a reasoned objection: upheld, it is in force; rejected, the restriction ends (C28). A decision like any other, by
 * someone other than who recorded the objection.
 */
export async function assessObjection(
  tx: Transaction,
  id: string,
  assessment: Assessment,
  caller: Caller,
  context: RecordContext,
): Promise<Recorded | { kind: 'not-open'; refusal: ObjectionRefusal }> {
  const row = await lockObjection(tx, id);
  if ('code' in row) return { kind: 'not-open', refusal: row };
  const [recorded] = await recordDecisions(tx, [commandOf(row, assessment, caller, context.now)], context);
  if (!recorded) throw new Error('An assessment was neither recorded nor refused');
  return recorded;
}

const commandOf = (row: ObjectionRow, { outcome, ground }: Assessment, caller: Caller, now: number): DecideCommand => ({
  subjectId: row.subject_id,
  scope: { level: row.scope_level, id: row.scope_id },
  purposeId: row.purpose_id,
  status: outcome === 'upheld' ? 'objected' : 'objection_rejected',
  cause: caller.authority ? 'authority' : 'operator',
  decidedAt: now,
  bundleId: null,
  notice: null,
  evidence: { channel: CHANNEL, actor: caller.actor, caller: caller.name, origin: null },
  brand: null,
  attributes: { objection: row.objection_id, ground },
});
