import { isTransient } from '@consent/postgres';
import { ScopeRaceError } from '../subjects/scopes.js';

const ATTEMPTS = 6;
const DEADLOCK = '40P01';
const SERIALIZATION = '40001';
const UNIQUE = '23505';

/** Runs a whole transaction again when another one got in its way: nothing of the first attempt remains. */
export async function retryRaces<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = ATTEMPTS - 1; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0 || !isRace(error)) throw error;
    }
  }
}

function isRace(error: unknown): boolean {
  if (error instanceof ScopeRaceError) return true;
  const { code, constraint } = (error ?? {}) as { code?: unknown; constraint?: unknown };
  if (code === UNIQUE) return constraint === 'ledger_origin';
  return isTransient(error) && (code === DEADLOCK || code === SERIALIZATION);
}
