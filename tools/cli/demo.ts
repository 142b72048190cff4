import { existsSync, rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { type Instance } from '../stack/instance.ts';
import { claimInstance, releaseInstance } from '../stack/process/claim-instance.ts';
import { givenServers, type GivenServers } from '../stack/servers.ts';
import { type PlatformContext } from '../stack/services/service-tasks.ts';
import { refusals, startTraffic, type Traffic } from './demo-traffic.ts';
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
  const kept = keptData(givenServers());
  if (kept) process.stdout.write(`${kept}\n`);
  const passed = await withPlatform({ instance, wellKnownPorts: true, signal }, async (platform) => {
    const traffic = await startTraffic(instance, platform, options, signal);
    const end = new AbortController();
    const shown = showPropagation({
      platform,
      signal: AbortSignal.any([signal, end.signal]),
      headline: traffic.headline,
    });
    const lines = await verdict(platform, traffic, options.patienceSeconds * 1_000, signal).finally(() => end.abort());
    await shown;
    for (const line of lines.length > 0
      ? lines
      : ['Every decision was applied and acknowledged by every system it concerns'])
      process.stdout.write(`${line}\n`);
    return lines.length === 0;
  });
  return passed === true;
}

/** What is not as it should be; nothing when all is. */
async function verdict(
  platform: PlatformContext,
  traffic: Traffic,
  patienceMs: number,
  signal: AbortSignal,
): Promise<string[]> {
  const fed = await traffic.done.catch((error: unknown) => (error as Error).message);
  if (signal.aborted) return ['Interrupted: nothing is proven'];
  if (typeof fed === 'string') return [`The demonstration traffic could not be entered: ${fed}`];
  const monitor = urlOf(platform.services, 'propagation-monitor');
  // Invented histories hold nothing that the service should refuse.
  const refused = refusals(fed).map((line) => `Refused: ${line}`);
  for (const end = Date.now() + patienceMs; ; await pause(500)) {
    // At each look: what falls due by itself is written after the feeding, too.
    const expected = await concernedPerSystem(platform.servers.databaseUrl as string);
    const left = missing(expected, await askSystems(monitor));
    if (signal.aborted) return ['Interrupted: nothing is proven'];
    if (left.length === 0) return refused;
    if (Date.now() > end)
      return [`Missing after ${patienceMs / 1_000} s:`, ...left.map((line) => `  ${line}`), ...refused];
  }
}

/** Counts are exact when nothing of an earlier run is there; the jars stay. */
async function empty(instance: Instance): Promise<void> {
  const isHeld = existsSync(instance.dir);
  await claimInstance(instance);
  releaseInstance(instance);
  if (isHeld) process.stdout.write(`Data of an earlier run removed: ${instance.dir}\n`);
  rmSync(instance.dir, { recursive: true, force: true });
}

/** What the user is told of data that the demo does not remove; undefined when there are none. */
export function keptData({ databaseUrl, brokers }: GivenServers): string | undefined {
  const names = [...(databaseUrl ? ['DATABASE_URL'] : []), ...(brokers ? ['KAFKA_BROKERS'] : [])];
  if (names.length === 0) return undefined;
  return `Nothing is removed at ${names.join(' and ')}: decisions of an earlier run there count too, and conflict with other servers than those of that run`;
}
