import { randomUUID } from 'node:crypto';
import { type Catalogue, type CatalogueFile, diffCatalogues } from '@consent/consent-rules';
import { type Transaction } from '@consent/postgres';
import { ProblemError } from '@consent/service-host';
import { refuseMovedPurposes } from './moved-purposes.js';
import { type CatalogueChange, knownChange } from './read-change.js';
import { refuseRewrittenNotices } from './rewritten-notices.js';
import { storeVersion } from './versions.js';

const PLAN = `
INSERT INTO catalogue_change (change_id, from_version, to_version, difference, caller) VALUES ($1, $2, $3, $4, $5)`;

/**
 * Keeps a new version and asks for the count of what it would change for people; nothing of it is in force.
 * @throws CatalogueError, of a notice rewritten under its version too; ProblemError 409 when it is in force already, 422
 * when it moves a purpose to other scopes or contact points, or away from a system
 */
export async function planChange(
  tx: Transaction,
  from: Catalogue,
  files: readonly CatalogueFile[],
  caller: string,
): Promise<CatalogueChange> {
  const to = await storeVersion(tx, files, caller);
  if (to.version === from.version)
    throw new ProblemError(
      409,
      'catalogue-unchanged',
      'The catalogue is in force already',
      `Catalogue ${to.version} is in force`,
    );
  await refuseRewrittenNotices(tx, to.version);
  await refuseMovedPurposes(tx, from, to);
  const difference = diffCatalogues(from, to);
  const changeId = randomUUID();
  await tx.query(PLAN, [changeId, from.version, to.version, JSON.stringify(difference), caller]);
  return knownChange(tx, changeId);
}
