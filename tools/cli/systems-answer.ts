/** What the monitor's GET /v1/systems says about one system; times are milliseconds. */
export interface SystemStatus {
  systemId: string;
  applied: number;
  pending: number;
  overdue: number;
  parked: number;
  superseded: number;
  conflicts: number;
  rejected?: number;
  /** ISO 8601: what was accepted before it is counted. */
  countedUntil?: string | null;
  oldestUnacknowledgedAgeMs: number | null;
  lag: Record<'closing' | 'opening', { p50: number | null; p95: number | null; p99: number | null }>;
  lastEffect: { effect: string; count: number; at: string } | null;
  word: string;
}

/** Undefined when the monitor does not answer: that is shown, never taken for "nothing to report". */
export async function askSystems(monitorUrl: string): Promise<SystemStatus[] | undefined> {
  try {
    const response = await fetch(`${monitorUrl}/v1/systems`, { signal: AbortSignal.timeout(5_000) });
    if (!response.ok) return undefined;
    const answer = (await response.json()) as SystemStatus[] | { systems: SystemStatus[] };
    return Array.isArray(answer) ? answer : answer.systems;
  } catch {
    return undefined;
  }
}
