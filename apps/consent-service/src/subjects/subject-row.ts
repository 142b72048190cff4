import { type Role, type SubjectFacts } from '@consent/consent-rules';

/** Columns of `subject` that hold facts, as `pg` returns them. */
export interface FactsRow {
  facts_at: Date | null;
  brand: string | null;
  roles: Role[];
  minor: boolean | null;
  contract_start: Date | null;
  contract_end: Date | null;
  full_marketing_objection_at: Date | null;
}

export const FACT_COLUMNS = 'facts_at, brand, roles, minor, contract_start, contract_end, full_marketing_objection_at';

/** Null until facts were registered, or an objection to all marketing. */
export const factsOf = (row: FactsRow): SubjectFacts | null =>
  row.facts_at === null && row.full_marketing_objection_at === null
    ? null
    : {
        brand: row.brand,
        roles: row.roles,
        minor: row.facts_at === null ? null : row.minor,
        ...(row.facts_at === null && { unregistered: true }),
        contractStart: row.contract_start?.getTime() ?? null,
        contractEnd: row.contract_end?.getTime() ?? null,
        fullMarketingObjectionAt: row.full_marketing_objection_at?.getTime() ?? null,
      };
