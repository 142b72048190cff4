import { ASSESSMENT_CHANNEL, type DecideCommand, type OpenTransition } from '@consent/consent-rules';
import { type Transaction } from '@consent/postgres';
import { type Caller } from '../callers/callers.js';
import { gonePurposes } from '../catalogue/gone-purposes.js';
import { recordDecisions, type RecordContext, type Recorded } from '../record/record-decisions.js';
import { openFrom, type Refusal } from '../record/refusal.js';
import { readStates } from '../subjects/read-states.js';
import { lockObjection, type ObjectionRefusal } from './change-objection.js';
import { type ObjectionRow } from './objection-row.js';

export interface Assessment {
  outcome: 'upheld' | 'rejected';
  /** Why, as a code. */
  ground: string;
}

/**
 * Answers a reasoned objection: upheld, it is in force; rejected, the restriction ends (C28). A decision like any other, by
 * someone other than who recorded the objection. Also where the purpose has left the catalogue: a reply is owed, and opens nothing.
 */
export async function assessObjection(
  tx: Transaction,
  id: string,
  assessment: Assessment,
  caller: Caller,
  context: RecordContext,
): Promise<Recorded | { kind: 'not-open'; refusal: ObjectionRefusal & Pick<Refusal, 'openTransitions'> }> {
  const row = await lockObjection(tx, id);
  if ('code' in row)
    return row.code === 'objection_closed'
      ? { kind: 'not-open', refusal: { ...row, openTransitions: await openNow(tx, row.row, context) } }
      : { kind: 'not-open', refusal: row };
  const found = (await gonePurposes(tx, context.catalogue)).get(row.purpose_id);
  const gone = new Map(found ? [[row.purpose_id, found.purpose]] : []);
  const command = commandOf(row, assessment, caller, context.now);
  const [recorded] = await recordDecisions(tx, [command], { ...context, gone });
  if (!recorded) throw new Error('An assessment was neither recorded nor refused');
  return recorded;
}

async function openNow(
  tx: Transaction,
  { subject_id: subjectId, scope_id: scopeId, purpose_id: purposeId }: ObjectionRow,
  { catalogue }: RecordContext,
): Promise<readonly OpenTransition[]> {
  const states = await readStates(tx, [{ subjectId, scopeId, purposeId }], new Set());
  return openFrom(catalogue, purposeId, states.get(subjectId)?.[0]?.state ?? null);
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
  evidence: { channel: ASSESSMENT_CHANNEL, actor: caller.actor, caller: caller.name, origin: null },
  brand: null,
  attributes: { objection: row.objection_id, ground },
});
