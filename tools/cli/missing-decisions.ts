import { asAdministrator } from '../stack/postgres/ensure-database.ts';
import { type SystemStatus } from './systems-answer.ts';

/** How many decisions of the ledger concern each system. The ledger is asked, not the services that are judged. */
export async function concernedPerSystem(adminUrl: string): Promise<Map<string, number>> {
  const ledger = new URL(adminUrl);
  ledger.pathname = '/consent';
  const { rows } = await asAdministrator(ledger.href, (client) =>
    client.query<{ system: string; decisions: string }>(
      `SELECT s ->> 'systemId' AS system, count(*) AS decisions
         FROM ledger, jsonb_array_elements(systems) AS s GROUP BY 1 ORDER BY 1`,
    ),
  );
  return new Map(rows.map(({ system, decisions }) => [system, Number(decisions)]));
}

/** What is not applied and acknowledged, a line for each; none when everything is. Unknown counts as missing. */
export function missing(expected: ReadonlyMap<string, number>, systems: readonly SystemStatus[] | undefined): string[] {
  if (expected.size === 0) return ['the ledger holds no decision that concerns a system'];
  if (!systems) return ['the monitor does not answer'];
  return [...expected].flatMap(([systemId, decisions]) => {
    const found = systems.find((system) => system.systemId === systemId);
    if (!found) return [`${systemId}: the monitor knows nothing of it, expected ${decisions} decisions`];
    const open = (['pending', 'overdue', 'parked', 'conflicts', 'rejected'] as const)
      .map((word) => [word, found[word] ?? 0] as const)
      .filter(([, count]) => count > 0)
      .map(([word, count]) => `${count} ${word}`);
    const done = found.applied + found.superseded;
    if (open.length === 0 && done === decisions)
      return found.word === 'unknown' ? [`${systemId}: the monitor cannot say how far it is now`] : [];
    return [`${systemId}: ${done} of ${decisions} acknowledged${open.length > 0 ? `; ${open.join(', ')}` : ''}`];
  });
}
