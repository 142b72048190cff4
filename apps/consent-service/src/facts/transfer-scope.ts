import { type ScopeFacts } from '@consent/consent-rules';
import { type Transaction } from '@consent/postgres';
import { mintId } from '../ledger/mint-id.js';
import { type RecordContext } from '../record/record-decisions.js';
import { type Refusal, subjectIsScope } from '../record/refusal.js';
import { readScopes } from '../subjects/scopes.js';
import { FactsBatch, type FactsDraft } from './facts-batch.js';
import { lockFacts } from './lock-facts.js';

export interface Transfer {
  scopeId: string;
  toSubjectId: string;
  /** The brand of the new scope; null: that of its subject; undefined: the brand under which the old one was judged. */
  brand: string | null | undefined;
}

export type TransferOutcome =
  | { kind: 'transferred'; fromSubjectId: string; newScopeId: string; closed: number }
  | { kind: 'refused'; refusal: Refusal };

const END = `
UPDATE scope SET transferred_to = $2, transferred_at = clock_timestamp(), transferred_by = $3 WHERE scope_id = $1`;

/**
 * A line, account, device or contact point passes to another holder: what is open in it closes, the scope ends, and a new
 * id is minted for the new holder, who starts from the defaults. Nobody inherits another's yes or no (C88). What it is does
 * not change with the holder: an account of a brand stays of that brand (C41), and is nobody's before its time.
 */
export async function transferScope(
  tx: Transaction,
  { scopeId, toSubjectId, brand }: Transfer,
  caller: string,
  context: RecordContext,
): Promise<TransferOutcome> {
  const one = new Set([scopeId]);
  // The owner never changes, so that it can be read before the locks; whether the scope has ended cannot.
  const named = await readScopes(tx, new Set([scopeId, toSubjectId]));
  const owner = named.get(scopeId);
  if (!owner || owner.level === 'person')
    return refused('scope_unknown', `No account, line, device or contact point has the id ${scopeId}`);
  const { subjectId: fromSubjectId } = owner;
  if (fromSubjectId === toSubjectId)
    return refused(
      'scope_holder_unchanged',
      `Scope ${scopeId} belongs to subject ${toSubjectId}; expected another one`,
    );
  const asScope = named.get(toSubjectId);
  if (asScope && asScope.level !== 'person')
    return { kind: 'refused', refusal: subjectIsScope(toSubjectId, asScope.level) };
  const locked = await lockFacts(tx, new Set([fromSubjectId, toSubjectId]));
  const old = (await readScopes(tx, one)).get(scopeId);
  if (!old || old.transferredTo)
    return refused(
      'scope_transferred',
      `Scope ${scopeId} has passed to another holder already; expected the id that was minted then`,
    );

  const { now } = context;
  const { level, kind = null } = old;
  const batch = new FactsBatch(caller, 'transfer', context);
  const { validFrom = null, validUntil = null } = old;
  const end = Math.min(validUntil ?? now, now);
  const ended: ScopeFacts = {
    level,
    id: scopeId,
    brand: old.brand ?? null,
    kind,
    // One whose time was still to come has none: it begins at its end.
    validFrom: validFrom === null ? null : Math.min(validFrom, end),
    validUntil: end,
  };
  const kept = old.brand ?? locked.get(fromSubjectId)?.subject.facts?.brand ?? null;
  const minted: ScopeFacts = {
    level,
    id: mintId(now),
    brand: brand === undefined ? kept : brand,
    kind,
    validFrom: Math.max(validFrom ?? now, now),
    validUntil: null,
  };
  const { changes: closed } = moved(batch, locked.get(fromSubjectId), ended);
  moved(batch, locked.get(toSubjectId), minted);
  await batch.store(tx);
  await tx.query(END, [scopeId, minted.id, caller]);
  return { kind: 'transferred', fromSubjectId, newScopeId: minted.id, closed };
}

function moved(batch: FactsBatch, draft: FactsDraft | undefined, scope: ScopeFacts): { changes: number } {
  if (!draft) throw new Error('A subject of the transfer was not locked');
  return batch.move(draft, draft.subject.facts, [scope]);
}

const refused = (code: Refusal['code'], message: string): TransferOutcome => ({
  kind: 'refused',
  refusal: { code, message },
});
