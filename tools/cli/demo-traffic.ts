import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { type FeedResult } from '../demo/feed.ts';
import { type Instance } from '../stack/instance.ts';
import { type PlatformContext } from '../stack/services/service-tasks.ts';
import { urlOf } from './show-propagation.ts';

export interface TrafficOptions {
  seed: number;
  subjects: number;
  /** Decisions a second; as fast as they are answered when absent. */
  rate?: number;
}

export interface Traffic {
  /** One line: what there is, and how far it has been entered. */
  headline: () => string;
  /** Resolves when every file was entered. */
  done: Promise<FeedResult>;
}

/** Writes the histories of invented subjects to files and enters them by the public API. */
export async function startTraffic(
  instance: Instance,
  platform: PlatformContext,
  { seed, subjects, rate }: TrafficOptions,
  signal: AbortSignal,
): Promise<Traffic> {
  // Loaded late: the generator stands on packages that the start itself has built.
  const { generate } = await import('../demo/generate.ts');
  const { feed } = await import('../demo/feed.ts');
  const dir = path.join(instance.dir, 'traffic', `seed-${seed}-${subjects}`);
  mkdirSync(dir, { recursive: true });
  const written = await generate({ seed, subjects, dir });
  const lines = written.decisions + written.secondThoughts;
  let entered: Pick<FeedResult, 'facts' | 'accepted'> = { facts: 0, accepted: 0 };
  let state = 'feeding';
  const done = feed({
    dir,
    consentUrl: urlOf(platform.services, 'consent-service'),
    token: platform.tokens?.channel ?? '',
    onProgress: (progress) => (entered = progress),
    signal,
    ...(rate === undefined ? {} : { ratePerSecond: rate }),
  });
  done.then(
    (result) => {
      entered = result;
      state = result.refused > 0 ? `all fed, ${result.refused} lines refused` : 'all fed';
    },
    () => (state = 'feeding stopped'),
  );
  const number = (value: number): string => value.toLocaleString('en');
  const files = `${number(subjects)} people (seed ${seed}) with ${number(lines)} decisions and ${number(written.bundles)} bundles`;
  const soFar = (): string => `facts of ${number(entered.facts)} and ${number(entered.accepted)} decisions accepted`;
  return { headline: () => `${files}; ${state}: ${soFar()}`, done };
}

/** The lines that the service refused, with its reasons; at most ten. */
export function refusals({ rejects, refused }: FeedResult): string[] {
  const shown = rejects.slice(0, 10).map(({ file, line, status, why }) => `${file}:${line}: ${status} ${why}`);
  return refused > shown.length ? [...shown, `… and ${refused - shown.length} more`] : shown;
}
