import { type Reader } from '../ledger/read-positions.js';
import { type HeadsInput } from '../http/schemas/heads-input.js';

/** The ledger's newest word on one triple: what a system's effective state must equal. */
export interface LedgerHead {
  subjectId: string;
  scopeId: string;
  purposeId: string;
  scopeLevel: string;
  version: number;
  decisionId: string;
  /** False: the newest entry is evidence without effect, and an older one is in force. */
  effective: boolean;
  /** The newest entry with effect; null when there is none. A system may hold any version from it on. */
  versionInForce: number | null;
  status: string;
  allowed: boolean;
  reason: string;
  systems: string[];
}

const SELECT = `
SELECT DISTINCT s.subject_id AS "subjectId", s.scope_id AS "scopeId", s.purpose_id AS "purposeId",
       s.scope_level AS "scopeLevel", s.version::float8 AS version, s.decision_id AS "decisionId", head.effective,
       CASE WHEN head.effective THEN s.version
            ELSE (SELECT max(older.version) FROM ledger AS older
                   WHERE (older.subject_id, older.scope_id, older.purpose_id) = (s.subject_id, s.scope_id, s.purpose_id)
                     AND older.effective)
       END::float8 AS "versionInForce", s.status, s.allowed, s.reason, jsonb_path_query_array(head.systems, '$[*].systemId') AS systems`;

const OF_TRIPLES = `${SELECT}
  FROM unnest($1::uuid[], $2::uuid[], $3::text[]) AS t (subject_id, scope_id, purpose_id)
  JOIN current_state AS s USING (subject_id, scope_id, purpose_id)
  JOIN ledger AS head ON head.position = s.position`;

const OF_DECISIONS = `${SELECT}
  FROM ledger
  JOIN current_state AS s USING (subject_id, scope_id, purpose_id)
  JOIN ledger AS head ON head.position = s.position
 WHERE ledger.decision_id = ANY ($1::uuid[])`;

/** Heads of the triples that the ledger knows; what it does not know is absent. */
export async function readHeads(reader: Reader, { triples, decisionIds }: HeadsInput): Promise<LedgerHead[]> {
  const { rows } = decisionIds
    ? await reader.query<LedgerHead>(OF_DECISIONS, [decisionIds])
    : await reader.query<LedgerHead>(OF_TRIPLES, [
        (triples ?? []).map((t) => t.subjectId),
        (triples ?? []).map((t) => t.scopeId),
        (triples ?? []).map((t) => t.purposeId),
      ]);
  return rows;
}
