import { type ListrTask } from 'listr2';
import { checkAskedPorts } from '../stack/process/choose-port.ts';
import { claimInstance, releaseInstance } from '../stack/process/claim-instance.ts';
import { beginClosing } from '../stack/process/closing.ts';
import { stopLeftovers } from '../stack/process/leftovers.ts';
import { stopAll } from '../stack/process/stop-all.ts';
import { type Instance } from '../stack/instance.ts';
import { secretsIn } from '../stack/secrets.ts';
import { givenServers } from '../stack/servers.ts';
import { type PlatformContext, serviceTasks } from '../stack/services/service-tasks.ts';
import { type StackOptions, stackTasks } from '../stack/stack-tasks.ts';
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
    await checkAskedPorts(given);
    const options = { instance, secrets: secretsIn(instance.dir), given, wellKnownPorts };
    const steps = runSteps<PlatformContext>([buildAndServers(options), ...serviceTasks(options)], context, signal);
    steps.catch(() => {});
    await Promise.race([steps, aborted(signal)]);
    if (signal.aborted) {
      print('Stopping …');
      return undefined;
    }
    for (const note of context.notes) print(`  ${note}`);
    print(`Ready after ${((performance.now() - started) / 1000).toFixed(1)} s`);
    return await work(context);
  } finally {
    beginClosing(instance);
    await stopAll(context.processes);
    await stopLeftovers(instance);
    releaseInstance(instance);
  }
}

/** The servers need nothing that is built here, and wait more than they work. */
const buildAndServers = (options: StackOptions): ListrTask<PlatformContext> => ({
  title: 'Build and servers',
  task: (_, task) =>
    task.newListr(
      [
        buildTask(),
        {
          title: 'Servers',
          task: (__, servers) => servers.newListr<PlatformContext>(stackTasks(options), { concurrent: false }),
        },
      ],
      {
        concurrent: true,
      },
    ),
});

const print = (line: string): void => void process.stdout.write(`${line}\n`);
