import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { type Instance } from '../stack/instance.ts';
import { claimInstance, releaseInstance } from '../stack/process/claim-instance.ts';
import { type PlatformContext } from '../stack/services/service-tasks.ts';
import { refusals, startTraffic } from './demo-traffic.ts';
import { concernedPerSystem, missing } from './missing-decisions.ts';
import { showPropagation, urlOf } from './show-propagation.ts';
import { shutdownSignal } from './shutdown.ts';
import { askSystems } from './systems-answer.ts';
import { withPlatform } from './with-platform.ts';

export interface DemoOptions {
  seed: number;
  subjects: number;
  rate?: number;
  /** How long the systems may take after the last decision was accepted. */
  patienceSeconds: number;
}

/**
 * Feeds the demonstration traffic into an empty pipeline and waits for every system.
 * @returns whether every accepted decision was applied and acknowledged by every system it concerns
 */
export async function demo(instance: Instance, options: DemoOptions): Promise<boolean> {
  const signal = shutdownSignal();
  await empty(instance);
  const passed = await withPlatform({ instance, wellKnownPorts: true, signal }, async (platform) => {
    const traffic = await startTraffic(instance, platform, options, signal);
    const end = new AbortController();
    const shown = showPropagation({
      platform,
      signal: AbortSignal.any([signal, end.signal]),
      headline: traffic.headline,
    });
    try {
      const fed = await traffic.done;
      const settled = await waitForAll(platform, options.patienceSeconds * 1_000, signal);
      // Invented histories hold nothing that the service should refuse.
      for (const line of refusals(fed)) process.stdout.write(`Refused: ${line}\n`);
      return settled && fed.refused === 0;
    } finally {
      end.abort();
      await shown;
    }
  });
  return passed === true;
}

async function waitForAll(platform: PlatformContext, patienceMs: number, signal: AbortSignal): Promise<boolean> {
  const monitor = urlOf(platform.services, 'propagation-monitor');
  const expected = await concernedPerSystem(platform.servers.databaseUrl as string);
  const total = [...expected.values()].reduce((sum, count) => sum + count, 0);
  let left: string[] = [];
  for (const end = Date.now() + patienceMs; Date.now() < end && !signal.aborted; await pause(500)) {
    left = missing(expected, await askSystems(monitor));
    if (left.length === 0) {
      process.stdout.write(
        `Every decision was applied and acknowledged: ${total} of ${total} by ${expected.size} systems\n`,
      );
      return true;
    }
  }
  process.stdout.write(`Missing after ${patienceMs / 1_000} s:\n${left.map((line) => `  ${line}\n`).join('')}`);
  return false;
}

/** Counts are exact when nothing of an earlier run is there; the jars stay. */
async function empty(instance: Instance): Promise<void> {
  await claimInstance(instance);
  releaseInstance(instance);
  rmSync(instance.dir, { recursive: true, force: true });
}
