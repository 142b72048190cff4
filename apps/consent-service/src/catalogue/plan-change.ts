import { randomUUID } from 'node:crypto';
import { type Catalogue, type CatalogueFile, diffCatalogues, noLongerNamed } from '@consent/consent-rules';
import { type Transaction } from '@consent/postgres';
import { ProblemError } from '@consent/service-host';
import { refuseRewrittenNotices } from './rewritten-notices.js';
import { storeVersion } from './versions.js';

const PLAN = `
INSERT INTO catalogue_change (change_id, from_version, to_version, difference, caller) VALUES ($1, $2, $3, $4, $5)`;

/**
 * Keeps a new version and asks for the count of what it would change for people; nothing of it is in force.
 * @throws CatalogueError, of a notice rewritten under its version too; ProblemError 409 when it is in force already, 422 when it moves a purpose to other scopes or
 * contact points, or away from a system
 */
export async function planChange(
  tx: Transaction,
  from: Catalogue,
  files: readonly CatalogueFile[],
  caller: string,
): Promise<string> {
  const to = await storeVersion(tx, files, caller);
  if (to.version === from.version)
    throw new ProblemError(
      409,
      'catalogue-unchanged',
      'The catalogue is in force already',
      `Catalogue ${to.version} is in force`,
    );
  await refuseRewrittenNotices(tx, to.version);
  const difference = diffCatalogues(from, to);
  const moved = difference.changed.filter(({ fields }) => fields.some(({ field }) => field === 'scopeLevel'));
  if (moved.length > 0)
    throw new ProblemError(
      422,
      'catalogue-scope-moved',
      'A purpose keeps its scope level',
      `Found another scopeLevel of ${moved.map(({ id }) => id).join(', ')}; expected a new purpose, since what people decided holds for the scopes they decided about`,
    );
  const rekinded = difference.changed.flatMap(({ id, fields }) =>
    fields.flatMap(({ field, from: before, to: after }) =>
      field === 'contactKind' ? [`${String(before)} → ${String(after)} of ${id}`] : [],
    ),
  );
  if (rekinded.length > 0)
    throw new ProblemError(
      422,
      'catalogue-contact-kind-moved',
      'A purpose keeps its kind of contact point',
      `Found another contactKind: ${rekinded.join('; ')}; expected a new purpose, since what people decided holds for the contact points they decided about`,
    );
  const unnamed = [...noLongerNamed(from, to)].map(([id, systems]) => `${systems.join(', ')} of ${id}`);
  if (unnamed.length > 0)
    throw new ProblemError(
      422,
      'catalogue-system-dropped',
      'A purpose keeps its systems',
      `No longer named: ${unnamed.join('; ')}; expected a new purpose, since a system that is not named hears of no withdrawal and would act on what it was told before`,
    );
  const changeId = randomUUID();
  await tx.query(PLAN, [changeId, from.version, to.version, JSON.stringify(difference), caller]);
  return changeId;
}
