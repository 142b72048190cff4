import { type DataSource } from 'typeorm';
import { type Transaction, withTransaction } from '@consent/postgres';
import { type Purpose, PURPOSES } from './on-decision.js';
import { type Spot } from './spots.js';

/** How the spot may be chosen. The purpose and version are those that decided it; null where the default did. */
export interface Choice {
  chosen: 'by-profile' | 'unpersonalised' | 'nothing';
  purposeId: Purpose | null;
  version: number | null;
}

/** What is in force on an account, by purpose. The version is null where nothing has been applied and something is parked. */
export type InForce = ReadonlyMap<string, { allowed: boolean; version: number | null }>;

/** Pure. Advertising by profile needs a consent (7.2.3.1, 7.2.3.4); promotion and recommendations end with an objection (7.2.2.3, 9.4). */
export function choose(spot: Spot, inForce: InForce): Choice {
  const granted = (...purposes: Purpose[]) => purposes.find((purpose) => inForce.get(purpose)?.allowed === true);
  const refused = (...purposes: Purpose[]) => purposes.find((purpose) => inForce.get(purpose)?.allowed === false);
  const because = (chosen: Choice['chosen'], purposeId: Purpose | undefined): Choice => ({
    chosen,
    purposeId: purposeId ?? null,
    version: (purposeId && inForce.get(purposeId)?.version) ?? null,
  });
  switch (spot) {
    case 'third-party-advertisement': {
      const consent = granted('pickx-personalised-tv-ads', 'broadcaster-targeted-tv-ads');
      return because(consent ? 'by-profile' : 'unpersonalised', consent);
    }
    case 'own-promotion': {
      const offScreen = refused('pickx-on-screen-promotion');
      if (offScreen) return because('nothing', offScreen);
      const objection = refused('pickx-own-promotion');
      return because(objection ? 'unpersonalised' : 'by-profile', objection ?? granted('pickx-own-promotion'));
    }
    case 'group-products': {
      const objection = refused('pickx-on-screen-promotion', 'pickx-promotion-group-products');
      return because(objection ? 'nothing' : 'unpersonalised', objection ?? granted('pickx-promotion-group-products'));
    }
    case 'recommendations': {
      const objection = refused('pickx-content-recommendations');
      return because(
        objection ? 'unpersonalised' : 'by-profile',
        objection ?? granted('pickx-content-recommendations'),
      );
    }
  }
}

/**
 * Chooses a spot for an account by what is in force at this moment, and keeps the choice with the version relied on. The
 * permissions stay locked until that is committed: a withdrawal is either seen, or comes after it.
 */
export const selectSpot = (
  dataSource: DataSource,
  {
    selectionId,
    subjectId,
    accountId,
    spot,
  }: { selectionId: string; subjectId: string; accountId: string; spot: Spot },
): Promise<Choice> =>
  withTransaction(dataSource, async (tx) => {
    const choice = choose(spot, await readInForce(tx, subjectId, accountId));
    await tx.query(
      `INSERT INTO selection (selection_id, subject_id, account_id, spot, chosen, purpose_id, version)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [selectionId, subjectId, accountId, spot, choice.chosen, choice.purposeId, choice.version],
      'pickx-selection',
    );
    return choice;
  });

/** What is parked before anything of its purpose was applied is closed, too: the default does not speak for it. */
async function readInForce(tx: Transaction, subjectId: string, accountId: string): Promise<InForce> {
  const applied = await tx.query<InForceRow>(
    `SELECT purpose_id AS purpose, allowed, version::float8 AS version FROM permission_in_force
     WHERE subject_id = $1 AND scope_id = $2 ORDER BY purpose_id FOR SHARE`,
    [subjectId, accountId],
    'pickx-in-force',
  );
  const parked = await tx.query<InForceRow>(
    `SELECT DISTINCT purpose, false AS allowed, NULL AS version FROM unnest($3::text[]) AS purpose
     JOIN parked_triple ON subject_id = $1 AND (scope_id IS NULL OR (scope_id, purpose_id) = ($2, purpose))`,
    [subjectId, accountId, PURPOSES],
    'pickx-parked',
  );
  return new Map([...parked.rows, ...applied.rows].map(({ purpose, ...inForce }) => [purpose, inForce]));
}

interface InForceRow {
  purpose: string;
  allowed: boolean;
  version: number | null;
}
