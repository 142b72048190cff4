import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Instance } from '../stack/instance.ts';
import { type PlatformContext } from '../stack/services/service-tasks.ts';
import { writeAtomically } from '../stack/write-atomically.ts';
import { startTraffic } from './demo-traffic.ts';
import { showPropagation } from './show-propagation.ts';
import { shutdownSignal } from './shutdown.ts';
import { withPlatform } from './with-platform.ts';

export interface StartOptions {
  subjects: number;
  seed?: number;
  rate?: number;
  traffic: boolean;
}

/** Everything runs, with demonstration traffic and the propagation table, until Ctrl-C. */
export async function start(instance: Instance, options: StartOptions): Promise<void> {
  const signal = shutdownSignal();
  await withPlatform({ instance, wellKnownPorts: true, signal }, async (platform) => {
    printAddresses(platform);
    let headline = (): string => 'No demonstration traffic';
    if (options.traffic) {
      const seed = options.seed ?? nextSeed(instance);
      const traffic = await startTraffic(instance, platform, { ...options, seed }, signal);
      traffic.done.catch((error: unknown) => {
        if (!signal.aborted) process.stderr.write(`Demonstration traffic stopped: ${(error as Error).message}\n`);
      });
      headline = traffic.headline;
    }
    await showPropagation({ platform, signal, headline: () => `${headline()} (Ctrl-C stops everything)` });
    process.stdout.write('Stopping …\n');
  });
}

/** Each start feeds other people: the same ones again would be answered from the idempotency keys. */
function nextSeed(instance: Instance): number {
  const file = path.join(instance.dir, 'last-seed');
  const seed = existsSync(file) ? Number(readFileSync(file, 'utf8')) + 1 : 1;
  writeAtomically(file, String(seed));
  return seed;
}

/** What a user needs to try the API, the command line and the topics from another terminal. */
function printAddresses({ services, tokens, servers }: PlatformContext): void {
  const systems = services.filter(({ spec }) => spec.honoursDecisions).map(({ spec, url }) => [spec.name, url]);
  const url = (name: string): string => services.find(({ spec }) => spec.name === name)?.url ?? '';
  const lines = [
    `CONSENT_URL=${url('consent-service')}`,
    `MONITOR_URL=${url('propagation-monitor')}`,
    `SYSTEM_URLS='${JSON.stringify(Object.fromEntries(systems))}'`,
    `CONSENT_TOKEN=${tokens?.operator ?? ''}`,
    `OPS_TOKEN=${tokens?.ops ?? ''}`,
    `CHANNEL_TOKEN=${tokens?.channel ?? ''}`,
    `BROKERS=${servers.brokers ?? ''}`,
    `REGISTRY_URL=${servers.registryUrl ?? ''}`,
  ];
  process.stdout.write(`For another terminal:\n${lines.map((line) => `  export ${line}`).join('\n')}\n`);
}
