import { spawnSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import os from 'node:os';
import { dataFolder, ROOT } from '../stack/instance.ts';
import { javaCommand } from '../stack/java/java.ts';
import { portIsFree } from '../stack/process/port-is-free.ts';
import { userNamespacesWork } from '../stack/postgres/postgres-binaries.ts';
import { SERVICES } from '../stack/services/service-table.ts';
import { type GivenServers, givenServers } from '../stack/servers.ts';
import { StackError } from '../stack/stack-error.ts';
import { nodeProblem } from '../bootstrap/node-problem.mjs';

/** One thing that the stack needs. `mend` is absent when nothing is to be done. */
export interface Finding {
  what: string;
  found: string;
  state: 'ok' | 'note' | 'missing';
  mend?: string;
}

export interface Machine {
  /** What the command prints, or undefined when there is no such command. */
  output(command: string, args: string[]): string | undefined;
  freeBytes(): number;
  memoryBytes(): number;
  portIsFree(port: number): Promise<boolean>;
  isRoot: boolean;
  namespaces(): boolean;
}

const GIB = 2 ** 30;
const DISK_NEEDED = 2 * GIB;
const MEMORY_NEEDED = 3 * GIB;

/** Looks at everything a start needs; changes nothing. */
export async function examine(given: GivenServers, machine: Machine = thisMachine): Promise<Finding[]> {
  return [
    node(machine),
    npm(machine),
    ...(given.brokers && given.registryUrl ? [] : [java(machine), maven(machine)]),
    room('disk', machine.freeBytes(), DISK_NEEDED, 'free some space, or set CONSENT_DATA_DIR to a folder elsewhere'),
    room('memory', machine.memoryBytes(), MEMORY_NEEDED, 'end other programs, or use a machine with more'),
    ...(given.databaseUrl ? [] : [root(machine)]),
    ...(await ports(given, machine)),
  ];
}

/** @throws StackError with the first thing that keeps the stack from starting */
export async function checkMachine(given: GivenServers): Promise<void> {
  const missing = (await examine(given)).find(({ state }) => state === 'missing');
  if (missing) throw new StackError(`${missing.what}: ${missing.found}; ${missing.mend ?? ''}`);
}

/** Prints a line for each finding. @returns whether a start can work */
export async function doctor(): Promise<boolean> {
  const findings = await examine(givenServers());
  for (const finding of findings) process.stdout.write(`${lineOf(finding)}\n`);
  return findings.every(({ state }) => state !== 'missing');
}

export function lineOf({ what, found, state, mend }: Finding): string {
  const mark = { ok: '✔', note: '•', missing: '✖' }[state];
  return `${mark} ${what.padEnd(16)} ${found}${mend ? ` → ${mend}` : ''}`;
}

function node(machine: Machine): Finding {
  const version = /v?(\d+\.\d+\.\d+)/.exec(machine.output('node', ['--version']) ?? '')?.[1] ?? '0.0.0';
  const problem = nodeProblem(version);
  return problem
    ? { what: 'Node', found: version, state: 'missing', mend: 'install Node 20.19 or newer' }
    : { what: 'Node', found: version, state: 'ok' };
}

function npm(machine: Machine): Finding {
  const version = machine.output('npm', ['--version'])?.trim();
  return version
    ? { what: 'npm', found: version, state: 'ok' }
    : { what: 'npm', found: 'not found', state: 'missing', mend: 'install npm, which comes with Node' };
}

const INSTEAD = 'or set KAFKA_BROKERS and SCHEMA_REGISTRY_URL to servers that run';

function java(machine: Machine): Finding {
  const said = machine.output(javaCommand(), ['-version']);
  const mend = `install Java 17 or newer (\`apt-get install openjdk-17-jre-headless\`), ${INSTEAD}`;
  const version = /version "(\d+)[^"]*"/.exec(said ?? '');
  if (!version) return { what: 'Java', found: 'not found', state: 'missing', mend };
  const enough = Number(version[1]) >= 17;
  const found = version[0].slice('version '.length).replaceAll('"', '');
  return enough
    ? { what: 'Java', found, state: 'ok' }
    : { what: 'Java', found: `${found} is too old`, state: 'missing', mend };
}

function maven(machine: Machine): Finding {
  const version = /Apache Maven ([\d.]+)/.exec(machine.output('mvn', ['-B', '--version']) ?? '')?.[1];
  return version
    ? { what: 'Maven', found: version, state: 'ok' }
    : {
        what: 'Maven',
        found: 'not found',
        state: 'missing',
        mend: `install it (\`apt-get install maven\`), ${INSTEAD}`,
      };
}

function room(what: string, bytes: number, needed: number, mend: string): Finding {
  const found = `${(bytes / GIB).toFixed(1)} GiB free`;
  return bytes >= needed
    ? { what, found, state: 'ok' }
    : { what, found: `${found}, ${needed / GIB} needed`, state: 'missing', mend };
}

function root(machine: Machine): Finding {
  if (!machine.isRoot) return { what: 'user', found: 'not root, as PostgreSQL wants it', state: 'ok' };
  if (machine.namespaces()) return { what: 'user namespaces', found: 'allowed: PostgreSQL runs in one', state: 'ok' };
  const found = 'not allowed: PostgreSQL runs as user 65534, who must be able to enter the checkout';
  return { what: 'user namespaces', found, state: 'note' };
}

async function ports(given: GivenServers, machine: Machine): Promise<Finding[]> {
  const wanted = [
    ...(given.databaseUrl ? [] : [['PostgreSQL', 5432] as const]),
    ...(given.brokers ? [] : [['Kafka', 9092] as const]),
    ...(given.registryUrl ? [] : [['schema registry', 8081] as const]),
    ...SERVICES.map(({ name, port }) => [name, port] as const),
  ];
  const busy: string[] = [];
  for (const [owner, port] of wanted) if (!(await machine.portIsFree(port))) busy.push(`${port} (${owner})`);
  if (busy.length === 0) return [{ what: 'ports', found: 'all free', state: 'ok' }];
  return [
    { what: 'ports', found: `busy: ${busy.join(', ')}`, state: 'note', mend: 'nothing to do: free ones are taken' },
  ];
}

const thisMachine: Machine = {
  output(command, args) {
    const run = spawnSync(command, args, { encoding: 'utf8' });
    return run.status === 0 ? `${run.stdout}${run.stderr}` : undefined;
  },
  freeBytes() {
    // The data folder may not exist yet.
    for (const folder of [dataFolder(), ROOT])
      try {
        const { bavail, bsize } = statfsSync(folder);
        return bavail * bsize;
      } catch {
        continue;
      }
    return 0;
  },
  memoryBytes: () => os.freemem(),
  portIsFree,
  isRoot: process.getuid?.() === 0,
  namespaces: () => userNamespacesWork(['unshare', '--user', '--map-user=1000', '--map-group=1000']),
};
