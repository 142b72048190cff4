import { type Transaction } from '@consent/postgres';

/**
 * Whoever writes by the catalogue holds this lock shared until the end of the transaction, and reads the version in force
 * after that; whoever moves the version holds it alone. So no write under the old version can end after the move.
 */
export const CATALOGUE_LOCK = '7303014520160005';

/** The catalogue moved on: load the version in force and decide again. */
export class CatalogueMovedError extends Error {
  override name = 'CatalogueMovedError';

  constructor(
    readonly held: string,
    readonly inForce: string,
  ) {
    super(`Catalogue ${inForce} is in force; this service has loaded ${held}`);
  }
}

/** To be called by what writes by the catalogue outside of a request, before it decides. @throws CatalogueMovedError */
export async function holdCatalogue(tx: Transaction, version: string): Promise<void> {
  await tx.query('SELECT pg_advisory_xact_lock_shared($1::bigint)', [CATALOGUE_LOCK], 'hold-catalogue');
  // A statement of its own: its snapshot must be younger than the lock.
  const { rows } = await tx.query<{ version: string }>(
    'SELECT version FROM catalogue_in_force',
    [],
    'catalogue-in-force',
  );
  const inForce = rows[0]?.version ?? 'none';
  if (inForce !== version) throw new CatalogueMovedError(version, inForce);
}
