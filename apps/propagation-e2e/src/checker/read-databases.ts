import pg from 'pg';
import { type EffectiveState, type LedgerEntry, tripleText } from './evidence.js';

async function rows<R extends pg.QueryResultRow>(url: string, sql: string): Promise<R[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<R>(sql)).rows;
  } finally {
    await client.end();
  }
}

interface LedgerRow {
  decision_id: string;
  subject_id: string;
  scope_id: string;
  purpose_id: string;
  version: string;
  allowed: boolean;
  systems: { systemId: string }[];
}

export async function readLedger(url: string): Promise<LedgerEntry[]> {
  const found = await rows<LedgerRow>(
    url,
    'SELECT decision_id, subject_id, scope_id, purpose_id, version, allowed, systems FROM ledger ORDER BY position',
  );
  return found.map((row) => ({
    decisionId: row.decision_id,
    subjectId: row.subject_id,
    version: Number(row.version),
    triple: tripleText(row.subject_id, row.scope_id, row.purpose_id),
    allowed: row.allowed,
    systems: row.systems.map(({ systemId }) => systemId),
  }));
}

interface StateRow {
  subject_id: string;
  scope_id: string;
  purpose_id: string;
  version: string;
  allowed: boolean;
  held_back: boolean;
}

/** What a system really does, by its own business tables; what is held back is closed. */
export async function readEffectiveState(url: string): Promise<EffectiveState[]> {
  const found = await rows<StateRow>(
    url,
    'SELECT subject_id, scope_id, purpose_id, version, allowed, held_back FROM effective_state',
  );
  return found.map((row) => ({
    triple: tripleText(row.subject_id, row.scope_id, row.purpose_id),
    version: Number(row.version),
    allowed: row.allowed,
    heldBack: row.held_back,
  }));
}
