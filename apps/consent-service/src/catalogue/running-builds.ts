import { type CatalogueDifference } from '@consent/consent-rules';
import { type SystemId } from '@consent/events';
import { exchange } from '@consent/kafka';
import { z } from 'zod';
import { type SystemUrls } from './system-urls.js';

/** What the running build of a system says of purposes that name it anew. */
export interface Handling {
  systemId: SystemId;
  purposes: readonly string[];
  /** Those it has no rule for; null when it gave no answer, or none about its purposes. */
  missing: readonly string[] | null;
}

const TIMEOUT_MS = 3_000;
const report = z.looseObject({ systemId: z.string(), purposes: z.array(z.string()) });

/** The builds of the systems as they run now; of several replicas, one answers. */
export class RunningBuilds {
  constructor(private readonly urls: SystemUrls) {}

  /** Asks each system that a change names anew. One that does not answer is a finding, not an error. */
  handlingOf(named: CatalogueDifference['named']): Promise<Handling[]> {
    return Promise.all(
      named.map(async ({ systemId, purposes }) => {
        const known = await this.#purposesOf(systemId);
        return { systemId, purposes, missing: known && purposes.filter((id) => !known.includes(id)) };
      }),
    );
  }

  async #purposesOf(systemId: SystemId): Promise<readonly string[] | null> {
    const url = this.urls[systemId];
    if (url === undefined) return null;
    try {
      const { text } = await exchange(`${url.replace(/\/+$/, '')}/v1/consumer`, { timeoutMs: TIMEOUT_MS });
      const { systemId: itself, purposes } = report.parse(JSON.parse(text));
      return itself === systemId ? purposes : null;
    } catch {
      return null;
    }
  }
}

/** Why a change would leave decisions unhonoured; empty when every system is known to have its rules. */
export function unhandled(handling: readonly Handling[]): string[] {
  return handling.flatMap(({ systemId, purposes, missing }) => {
    if (missing === null)
      return [`unknown whether ${systemId} has a rule for ${purposes.join(', ')}: its running build does not say`];
    return missing.length === 0 ? [] : [`the running build of ${systemId} has no rule for ${missing.join(', ')}`];
  });
}
