import { type Transaction } from '@consent/postgres';
import { type Proof } from './run-clocks.js';

const NOTE = `
INSERT INTO proof_ended (subject_id, scope_level, scope_id, purpose_id, version, ended_at, kept_until)
SELECT subject_id, scope_level, scope_id, purpose_id, version, to_timestamp(ended_at / 1000), to_timestamp(kept_until / 1000)
  FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::bigint[], $6::float8[], $7::float8[])
    AS p (subject_id, scope_level, scope_id, purpose_id, version, ended_at, kept_until)
 ORDER BY kept_until`;

/** Notes proofs that are needed no longer. One that is noted already fails: `readEndings` leaves it out. */
export async function noteProofs(
  tx: Transaction,
  proofs: readonly { subjectId: string; proof: Proof }[],
): Promise<void> {
  if (proofs.length === 0) return;
  const values = [
    proofs.map(({ subjectId }) => subjectId),
    proofs.map(({ proof }) => proof.ending.scope.level),
    proofs.map(({ proof }) => proof.ending.scope.id),
    proofs.map(({ proof }) => proof.ending.purposeId),
    proofs.map(({ proof }) => proof.ending.version),
    proofs.map(({ proof }) => proof.endedAt),
    proofs.map(({ proof }) => proof.keptUntil),
  ];
  await tx.query(NOTE, values, 'note-proofs');
}
