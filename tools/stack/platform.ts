import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Listr } from 'listr2';
import { portIsFree } from '../bootstrap/network.mjs';
import { type Instance } from './instance.ts';
import { startKafka } from './java/start-kafka.ts';
import { startPostgres } from './postgres/start-postgres.ts';
import { freePort } from './process/choose-port.ts';
import { claimInstance, releaseInstance } from './process/claim-instance.ts';
import { stopLeftovers } from './process/leftovers.ts';
import { type PidRecord, readPidFiles, stillRuns } from './process/pid-file.ts';
import { waitUntilReady } from './process/wait-until.ts';
import { secretsIn } from './secrets.ts';
import { type Servers } from './servers.ts';
import { type Tokens } from './services/callers.ts';
import { appUrl } from './services/provision.ts';
import { SERVICES, type ServiceSpec } from './services/service-table.ts';
import { type PlatformContext, serviceTasks } from './services/service-tasks.ts';
import { isReady, type ServiceOptions, startService } from './services/start-services.ts';
import { addressesFile, type StackOptions, stackTasks } from './stack-tasks.ts';

/** A running pipeline that tests and benchmarks can hurt, one process at a time. Names are those of the service table, `kafka` and `postgres`. */
export interface Platform {
  servers: Servers;
  tokens: Tokens;
  urlOf(service: string): string;
  /** With the role that the service itself uses. */
  databaseUrlOf(service: string): string;
  pidOf(name: string): number;
  /** Any signal; SIGKILL returns when the process is gone. */
  signal(name: string, signal: NodeJS.Signals): Promise<void>;
  running(name: string): boolean;
  /** Starts what was killed, at the same address, and waits until it is ready. */
  start(name: string): Promise<void>;
  /** Starts one more process of a service, as a second replica. */
  startReplica(name: string): Promise<{ url: string; stop(): Promise<void> }>;
  stop(): Promise<void>;
}

/**
 * Starts servers and services of an instance on free ports. Servers that a launcher has started for the instance are used.
 * Packages must have been built.
 */
export async function startPlatform(instance: Instance, more: Pick<StackOptions, 'env'> = {}): Promise<Platform> {
  const secrets = secretsIn(instance.dir);
  const callersFile = path.join(instance.dir, 'callers.json');
  const given = existsSync(addressesFile(instance))
    ? (JSON.parse(readFileSync(addressesFile(instance), 'utf8')) as Servers)
    : {};
  const options = { instance, secrets, given, wellKnownPorts: false, ...more };
  const context: PlatformContext = { servers: {}, processes: [], notes: [], services: [] };
  await claimInstance(instance);
  const stop = async (): Promise<void> => {
    for (const service of context.services) await service.process.stop();
    // Servers that were there before belong to the launcher.
    if (!('brokers' in given)) await stopLeftovers(instance);
    releaseInstance(instance);
  };
  try {
    const steps = [...stackTasks(options), ...serviceTasks(options)];
    await new Listr<PlatformContext, 'silent'>(steps as never[], {
      renderer: 'silent',
      registerSignalListeners: false,
    }).run(context);
  } catch (error) {
    await stop();
    throw error;
  }
  const servers = context.servers as Servers;
  const urls = new Map(context.services.map(({ spec, url }) => [spec.name, url]));
  const urlOf = (name: string): string => urls.get(name) ?? fail(name);
  const specOf = (name: string): ServiceSpec => SERVICES.find((spec) => spec.name === name) ?? fail(name);
  const recordOf = (name: string): PidRecord => readPidFiles(instance.pids).find((r) => r.name === name) ?? fail(name);
  const quiet = { preferred: undefined, note: () => {} };

  const serviceOptions: ServiceOptions = {
    ...{ instance, secrets, servers, callersFile, wellKnownPorts: false, note: quiet.note, ...more },
    tokens: context.tokens as Tokens,
    started: () => {},
  };

  const addressOf = (name: string): URL =>
    new URL(name === 'kafka' ? `kafka://${servers.brokers}` : name === 'postgres' ? servers.databaseUrl : urlOf(name));

  async function startOne(name: string): Promise<void> {
    // The threads of a killed process hold its socket a moment longer than the process is seen.
    for (let left = 500; left > 0 && !(await portIsFree(Number(addressOf(name).port))); left--) await pause();
    if (name === 'kafka') return sameAddress(servers.brokers, (await startKafka(instance, quiet)).brokers);
    if (name === 'postgres')
      return sameAddress(servers.databaseUrl, (await patiently(() => startPostgres(instance, secrets, quiet))).url);
    const service = await startService(specOf(name), serviceOptions, urlOf);
    context.services = [...context.services.filter(({ spec }) => spec.name !== name), service];
    await waitUntilReady(service.process, () => isReady(service.url));
  }

  async function startReplica(name: string): Promise<{ url: string; stop(): Promise<void> }> {
    const url = `http://127.0.0.1:${await freePort()}`;
    const replica = await startService(
      specOf(name),
      serviceOptions,
      (other) => (other === name ? url : urlOf(other)),
      `${name}-2`,
    );
    await waitUntilReady(replica.process, () => isReady(url));
    return { url, stop: () => replica.process.stop() };
  }

  return {
    servers,
    tokens: context.tokens as Tokens,
    urlOf,
    databaseUrlOf: (name) => appUrl(servers.databaseUrl, secrets, specOf(name)),
    pidOf: (name) => recordOf(name).pid,
    running: (name) => stillRuns(recordOf(name)),
    async signal(name, signal) {
      const record = recordOf(name);
      process.kill(record.pid, signal);
      while (signal === 'SIGKILL' && stillRuns(record)) await pause();
    },
    start: startOne,
    startReplica,
    stop,
  };
}

function sameAddress(before: string, now: string): void {
  if (now !== before) throw new Error('A server came back on another port, where nobody looks for it');
}

/** The children of a killed postmaster hold its memory for a moment, and a new one refuses to start until they are gone. */
async function patiently<T>(attempt: () => Promise<T>): Promise<T> {
  for (let left = 20; ; left--) {
    try {
      return await attempt();
    } catch (error) {
      if (left === 0) throw error;
      await pause(250);
    }
  }
}

const pause = (ms = 20): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function fail(name: string): never {
  throw new Error(`No process of the platform is called ${name}`);
}
