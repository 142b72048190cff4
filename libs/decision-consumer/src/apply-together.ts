import { plainArray, type Transaction } from '@consent/postgres';
import { type EffectRow } from './system-handler.js';

/**
 * Runs one set-based statement over all effects of a call: each field becomes an array parameter, in the order given.
 * Fields hold ids, numbers or words without spaces or punctuation; see `plainArray`.
 * @param name of the prepared statement, unique in the database
 */
export async function applyTogether<E, R = EffectRow>(
  tx: Transaction,
  name: string,
  statement: string,
  effects: readonly E[],
  fields: readonly (keyof E | ((effect: E) => string))[],
): Promise<R[]> {
  const columns = fields.map((field) =>
    plainArray(
      effects.map((effect) => (typeof field === 'function' ? field(effect) : (effect[field] as string | number))),
    ),
  );
  return (await tx.query<R>(statement, columns, name)).rows;
}
