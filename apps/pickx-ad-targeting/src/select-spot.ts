import { type DataSource } from 'typeorm';
import { withTransaction } from '@consent/postgres';
import { type Purpose } from './on-decision.js';
import { type Spot } from './spots.js';

/** How the spot may be chosen. The purpose and version are those that decided it; null where the default did. */
export interface Choice {
  chosen: 'by-profile' | 'unpersonalised' | 'nothing';
  purposeId: Purpose | null;
  version: number | null;
}

/** What is in force on an account, by purpose. */
export type InForce = ReadonlyMap<string, { allowed: boolean; version: number }>;

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
    const { rows } = await tx.query<{ purpose: string; allowed: boolean; version: number }>(
      `SELECT purpose_id AS purpose, allowed, version::float8 AS version FROM permission_in_force
       WHERE subject_id = $1 AND scope_id = $2 ORDER BY purpose_id FOR SHARE`,
      [subjectId, accountId],
      'pickx-in-force',
    );
    const choice = choose(spot, new Map(rows.map(({ purpose, ...inForce }) => [purpose, inForce])));
    await tx.query(
      `INSERT INTO selection (selection_id, subject_id, account_id, spot, chosen, purpose_id, version)
       VALUES ($1, $2, $3, $4, $5, $6, $7)`,
      [selectionId, subjectId, accountId, spot, choice.chosen, choice.purposeId, choice.version],
      'pickx-selection',
    );
    return choice;
  });
