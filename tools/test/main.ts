import { mkdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { build } from '../cli/build.ts';
import { runSteps } from '../cli/run-steps.ts';
import { aborted, shutdownSignal } from '../cli/shutdown.ts';
import { type Instance } from '../stack/instance.ts';
import { claimInstance, releaseInstance } from '../stack/process/claim-instance.ts';
import { beginClosing } from '../stack/process/closing.ts';
import { stopLeftovers } from '../stack/process/leftovers.ts';
import { secretsIn } from '../stack/secrets.ts';
import { givenServers, type Servers } from '../stack/servers.ts';
import { addressesFile, type StackContext, stackTasks } from '../stack/stack-tasks.ts';
import { writeAtomically } from '../stack/write-atomically.ts';
import { CHECKS, runCheck } from './checks.ts';
import { add, type Counts, NONE, summary } from './counts.ts';
import { ensureKcat } from './ensure-kcat.ts';
import { runJest, type Suite } from './run-jest.ts';

/** Unit and integration tests need the servers; end-to-end tests kill processes, so they have the machine alone. */
const SUITES = [
  { name: 'unit and integration tests', pattern: String.raw`\.(unit|int)\.spec\.ts$`, workers: 2 },
  { name: 'end-to-end tests', pattern: String.raw`\.e2e\.spec\.ts$`, workers: 1 },
] as const;

/** One suite of whatever is selected, which may be of both: as careful as the end-to-end tests. */
const selected = (patterns: readonly string[]): Suite => ({
  name: 'selected tests',
  pattern: patterns.map((part) => String.raw`${part}.*\.spec\.ts$`).join('|'),
  workers: 1,
});

/**
 * Builds, runs every check, then every suite on servers of its own.
 * @param patterns when given: no checks, and only specs whose path matches, of which there must be one
 * @returns whether everything passed
 */
export async function test(instance: Instance, patterns: readonly string[]): Promise<boolean> {
  const signal = shutdownSignal();
  await claimInstance(instance);
  try {
    const all = allTests(instance, patterns, signal);
    const counts = await Promise.race([all, aborted(signal)]);
    if (!counts) {
      process.stdout.write('Interrupted\n');
      all.catch(() => {});
      return false;
    }
    process.stdout.write(`\n${summary(counts)}\n`);
    return counts.failed === 0 && counts.passed > 0;
  } finally {
    beginClosing(instance);
    await stopLeftovers(instance);
    releaseInstance(instance);
  }
}

async function allTests(instance: Instance, patterns: readonly string[], signal: AbortSignal): Promise<Counts> {
  await build();
  let counts = NONE;
  if (patterns.length === 0) for (const check of CHECKS) counts = add(counts, await runCheck(check, instance));
  const servers = await startServers(instance);
  const suites = patterns.length === 0 ? SUITES : [selected(patterns)];
  for (const suite of suites) {
    signal.throwIfAborted();
    counts = add(counts, await runJest(instance, servers, suite, signal));
  }
  return counts;
}

/** Data of an earlier run are removed: a test that passes only with them would be no test. */
async function startServers(instance: Instance): Promise<Servers> {
  for (const name of ['postgres', 'postgres.ready', 'kafka', 'logs', 'traffic', 'secrets.json'])
    rmSync(path.join(instance.dir, name), { recursive: true, force: true });
  mkdirSync(instance.logs, { recursive: true });
  const context: StackContext = { servers: {}, processes: [], notes: [] };
  const options = { instance, secrets: secretsIn(instance.dir), given: givenServers(), wellKnownPorts: false };
  await runSteps<StackContext>(
    [
      {
        title: 'kcat',
        task: async (_, task) => {
          task.title += `: ${await ensureKcat()}`;
        },
      },
      ...stackTasks(options),
    ],
    context,
  );
  const servers = context.servers as Servers;
  writeAtomically(addressesFile(instance), JSON.stringify(servers), 0o600);
  return servers;
}
