/** live: restart me when it fails. ready: send me no requests. startup: I am still starting. */
export type HealthKind = 'live' | 'ready' | 'startup';

export interface Finding {
  ok: boolean;
  /** A sentence for whoever is on call; no secrets. */
  detail: string;
}

export type Probe = () => Finding | Promise<Finding>;

export interface HealthReport {
  ok: boolean;
  checks: Record<string, Finding>;
}

const PROBE_LIMIT_MS = 2_000;

/** Where the parts of a service say how they are. A probe that throws, or is silent for two seconds, has failed. */
export class Health {
  readonly #probes: Record<HealthKind, Map<string, Probe>> = { live: new Map(), ready: new Map(), startup: new Map() };
  #started = false;
  #stopping = false;

  /** @throws Error when the name is taken: two probes under one name would hide each other */
  register(name: string, kind: HealthKind, probe: Probe): void {
    if (this.#probes[kind].has(name)) throw new Error(`A ${kind} probe named ${name} is registered already`);
    this.#probes[kind].set(name, probe);
  }

  /** The service has started: /startupz may say so, and /readyz looks at its probes. */
  started(): void {
    this.#started = true;
  }

  /** The service is shutting down: /readyz fails from now on. */
  stopping(): void {
    this.#stopping = true;
  }

  async report(kind: HealthKind): Promise<HealthReport> {
    const checks: Record<string, Finding> = {};
    if (kind !== 'live') checks['service'] = this.#phase(kind);
    await Promise.all(
      [...this.#probes[kind]].map(async ([name, probe]) => {
        checks[name] = await findingOf(probe);
      }),
    );
    return { ok: Object.values(checks).every(({ ok }) => ok), checks };
  }

  #phase(kind: HealthKind): Finding {
    if (!this.#started) return { ok: false, detail: 'starting' };
    if (this.#stopping && kind === 'ready') return { ok: false, detail: 'shutting down' };
    return { ok: true, detail: 'started' };
  }
}

async function findingOf(probe: Probe): Promise<Finding> {
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<Finding>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, detail: `no answer within ${PROBE_LIMIT_MS} ms` }), PROBE_LIMIT_MS);
  });
  try {
    return await Promise.race([probe(), limit]);
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
}
