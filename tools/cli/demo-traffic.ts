import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { type Instance, ROOT } from '../stack/instance.ts';
import { type PlatformContext } from '../stack/services/service-tasks.ts';
import { urlOf } from './show-propagation.ts';

export interface TrafficOptions {
  seed: number;
  subjects: number;
}

export interface Traffic {
  headline: () => string;
  /** Resolves when every file was entered. */
  done: Promise<unknown>;
}

interface Demo {
  generate(options: TrafficOptions & { dir: string }): Promise<{ decisions: number; bundles: number }>;
  feed(options: {
    dir: string;
    consentUrl: string;
    token: string;
    onProgress: (progress: { accepted: number }) => void;
    signal: AbortSignal;
  }): Promise<unknown>;
}

async function loadDemo(): Promise<Demo> {
  const load = async (name: string): Promise<Partial<Demo>> =>
    (await import(path.join(ROOT, 'tools', 'demo', name))) as Partial<Demo>;
  return { ...(await load('generate.ts')), ...(await load('feed.ts')) } as Demo;
}

/** Writes the histories of invented subjects to files and enters them by the public API. */
export async function startTraffic(
  instance: Instance,
  platform: PlatformContext,
  { seed, subjects }: TrafficOptions,
  signal: AbortSignal,
): Promise<Traffic> {
  const tools = await loadDemo();
  const dir = path.join(instance.dir, 'traffic', `seed-${seed}-${subjects}`);
  mkdirSync(dir, { recursive: true });
  const written = await tools.generate({ seed, subjects, dir });
  let entered = 0;
  let state = 'feeding';
  const done = tools.feed({
    dir,
    consentUrl: urlOf(platform.services, 'consent-service'),
    token: platform.tokens?.channel ?? '',
    onProgress: (progress) => (entered = progress.accepted),
    signal,
  });
  done.then(
    () => (state = 'all fed'),
    () => (state = 'feeding stopped'),
  );
  const files = `${written.decisions} decisions and ${written.bundles} bundles of ${subjects} subjects (seed ${seed})`;
  return { headline: () => `${files}; ${state}: ${entered} decisions accepted`, done };
}
