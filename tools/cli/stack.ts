import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createFolders, type Instance } from '../stack/instance.ts';
import { actsForLauncher, claimInstance, releaseInstance } from '../stack/process/claim-instance.ts';
import { beginClosing } from '../stack/process/closing.ts';
import { stopLeftovers } from '../stack/process/leftovers.ts';
import { readPidFiles, stillRuns } from '../stack/process/pid-file.ts';
import { secretsIn } from '../stack/secrets.ts';
import { type GivenServers, givenServers, type Servers } from '../stack/servers.ts';
import { addressesFile, type StackContext, stackTasks } from '../stack/stack-tasks.ts';
import { writeAtomically } from '../stack/write-atomically.ts';
import { runSteps } from './run-steps.ts';

/** Starts those of PostgreSQL, Kafka and the registry that do not run, and leaves all running. */
export async function stackUp(instance: Instance): Promise<void> {
  createFolders(instance);
  const running = runningServers(instance);
  await claimInstance(instance, [...running.names]);
  const given = { ...givenServers(), ...running.servers };
  const context: StackContext = { servers: given, processes: [], notes: [] };
  try {
    await runSteps(stackTasks({ instance, secrets: secretsIn(instance.dir), given, wellKnownPorts: false }), context);
    writeAtomically(addressesFile(instance), JSON.stringify(context.servers), 0o600);
  } catch (error) {
    beginClosing(instance);
    if (!actsForLauncher(instance)) await stopLeftovers(instance, running.names);
    throw error;
  } finally {
    releaseInstance(instance);
  }
  printAddresses(context.servers as Servers);
}

/** Stops what `stack up` started. */
export async function stackDown(instance: Instance): Promise<void> {
  const stopped = await stopLeftovers(instance);
  rmSync(addressesFile(instance), { force: true });
  process.stdout.write(stopped.length > 0 ? `stopped: ${stopped.join(', ')}\n` : 'nothing was running\n');
}

function printAddresses({ databaseUrl, brokers, registryUrl }: Servers): void {
  process.stdout.write(
    `export TEST_DATABASE_URL='${databaseUrl}'\nexport KAFKA_BROKERS='${brokers}'\nexport SCHEMA_REGISTRY_URL='${registryUrl}'\n`,
  );
}

const ADDRESS_OF = { postgres: 'databaseUrl', kafka: 'brokers', registry: 'registryUrl' } as const;

/** Addresses of those servers of an earlier `stack up` that still run; the registry answers only with its PostgreSQL. */
function runningServers(instance: Instance): { names: string[]; servers: GivenServers } {
  const file = addressesFile(instance);
  if (!existsSync(file)) return { names: [], servers: {} };
  const known = JSON.parse(readFileSync(file, 'utf8')) as Servers;
  const running = readPidFiles(instance.pids)
    .filter((record) => record.name in ADDRESS_OF && stillRuns(record))
    .map(({ name }) => name as keyof typeof ADDRESS_OF);
  const names = running.includes('postgres') ? running : running.filter((name) => name !== 'registry');
  return { names, servers: Object.fromEntries(names.map((name) => [ADDRESS_OF[name], known[ADDRESS_OF[name]]])) };
}
