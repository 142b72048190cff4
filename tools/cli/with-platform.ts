import { claimInstance, releaseInstance } from '../stack/process/claim-instance.ts';
import { stopLeftovers } from '../stack/process/leftovers.ts';
import { stopAll } from '../stack/process/stop-all.ts';
import { type Instance } from '../stack/instance.ts';
import { secretsIn } from '../stack/secrets.ts';
import { givenServers } from '../stack/servers.ts';
import { type PlatformContext, serviceTasks } from '../stack/services/service-tasks.ts';
import { stackTasks } from '../stack/stack-tasks.ts';
import { buildTask } from './build.ts';
import { runSteps } from './run-steps.ts';
import { aborted } from './shutdown.ts';

export interface PlatformOptions {
  instance: Instance;
  wellKnownPorts: boolean;
  signal: AbortSignal;
}

/**
 * Builds, starts everything, runs `work`, and stops everything again, whatever happens in between: a step that fails,
 * a signal during the start, an error in `work`. No process is left.
 */
export async function withPlatform<T>(
  { instance, wellKnownPorts, signal }: PlatformOptions,
  work: (platform: PlatformContext) => Promise<T>,
): Promise<T | undefined> {
  const started = performance.now();
  const given = givenServers();
  const context: PlatformContext = { servers: {}, processes: [], notes: [], services: [] };
  const stopped = await claimInstance(instance);
  if (stopped.length > 0) print(`Stopped what an earlier run left: ${stopped.join(', ')}`);
  try {
    const options = { instance, secrets: secretsIn(instance.dir), given, wellKnownPorts };
    const steps = runSteps<PlatformContext>([buildTask(), ...stackTasks(options), ...serviceTasks(options)], context);
    await Promise.race([steps, aborted(signal)]);
    if (signal.aborted) {
      // The step in hand may still start a process: let it end first, then stop all.
      await Promise.race([steps.catch(() => {}), new Promise((resolve) => setTimeout(resolve, 5_000))]);
      return undefined;
    }
    for (const note of context.notes) print(`  ${note}`);
    print(`Ready after ${((performance.now() - started) / 1000).toFixed(1)} s`);
    return await work(context);
  } finally {
    await stopAll(context.processes);
    await stopLeftovers(instance);
    releaseInstance(instance);
  }
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);
