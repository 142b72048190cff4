import { type ConsentDecision, opens, type SystemId } from '@consent/events';
import { type MigrationSet } from '@consent/postgres';
import { type SystemHandler } from '../system-handler.js';

/** A club as the specs' system: who allows it is a member and collects points; who closes it is a member no more. */
export interface ClubEffect {
  kind: 'welcome' | 'leave' | 'stumble' | 'regret';
  decisionId: string;
  subjectId: string;
  scopeId: string;
  purposeId: string;
  version: number;
}

export const CLUB: SystemId = 'group-sharing';
export const clubMigrations: MigrationSet = { name: 'club', dir: new URL('./migrations/', import.meta.url) };

const columns = (effects: readonly ClubEffect[]): unknown[] => [
  effects.map((e) => e.decisionId),
  effects.map((e) => e.subjectId),
  effects.map((e) => e.scopeId),
  effects.map((e) => e.purposeId),
  effects.map((e) => e.version),
];
const ROWS = `unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::bigint[])
  AS e (decision_id, subject_id, scope_id, purpose_id, version)`;

/** Attribute `fault`: `stumble` fails in its statement, `trip` too but when it opens only, `regret` at COMMIT, `rule` in onDecision. */
export const club: SystemHandler<ClubEffect> = {
  systemId: CLUB,
  purposes: ['club', 'club-news'],
  onDecision(decision) {
    const { fault } = decision.attributes;
    if (fault === 'rule') throw new Error('the rule has a hole');
    const effects = [effect(opens(decision) ? 'welcome' : 'leave', decision)];
    if (fault === 'stumble' || (fault === 'trip' && opens(decision))) effects.push(effect('stumble', decision));
    if (fault === 'regret') effects.push(effect('regret', decision));
    return effects;
  },
  applyEffects: {
    leave: async (tx, effects) => {
      const { rows } = await tx.query<{ decision_id: string; left: boolean }>(
        `WITH gone AS (
           SELECT e.decision_id FROM ${ROWS} JOIN member m USING (subject_id, scope_id, purpose_id) WHERE m.allowed
         ), kept AS (
           INSERT INTO member (subject_id, scope_id, purpose_id, allowed, version)
           SELECT subject_id, scope_id, purpose_id, false, version FROM ${ROWS}
           ON CONFLICT (subject_id, scope_id, purpose_id)
           DO UPDATE SET allowed = false, version = excluded.version, points = 0
         )
         SELECT decision_id FROM gone`,
        columns(effects),
        'club-leave',
      );
      return rows.map((row) => ({ decisionId: row.decision_id, effect: 'members left', count: 1 }));
    },
    welcome: async (tx, effects) => {
      const { rows } = await tx.query<{ decision_id: string }>(
        `WITH kept AS (
           INSERT INTO member (subject_id, scope_id, purpose_id, allowed, version)
           SELECT subject_id, scope_id, purpose_id, true, version FROM ${ROWS}
           ON CONFLICT (subject_id, scope_id, purpose_id) DO UPDATE SET allowed = true, version = excluded.version
         )
         SELECT e.decision_id FROM ${ROWS} LEFT JOIN member m USING (subject_id, scope_id, purpose_id)
         WHERE m.allowed IS NOT TRUE`,
        columns(effects),
        'club-welcome',
      );
      return rows.map((row) => ({ decisionId: row.decision_id, effect: 'members welcomed', count: 1 }));
    },
    stumble: async (tx, effects) => {
      await tx.query(
        `UPDATE member m SET points = -1 FROM ${ROWS}
         WHERE m.subject_id = e.subject_id AND m.scope_id = e.scope_id AND m.purpose_id = e.purpose_id`,
        columns(effects),
      );
      return [];
    },
    regret: async (tx, effects) => {
      await tx.query('INSERT INTO late_refusal SELECT unnest($1::uuid[])', [effects.map((e) => e.subjectId)]);
      return [];
    },
  },
};

const effect = (kind: ClubEffect['kind'], decision: ConsentDecision): ClubEffect => ({
  kind,
  decisionId: decision.decisionId,
  subjectId: decision.subjectId,
  scopeId: decision.scope.id,
  purposeId: decision.purposeId,
  version: decision.version,
});
