// Needs nothing but Node itself, so that it can speak before anything is installed.
import { readFileSync } from 'node:fs';
import { nodeProblem } from './node-problem.mjs';
import { thisMachine } from './this-machine.mjs';

const GIB = 2 ** 30;
const DISK_NEEDED = 3 * GIB;
const MEMORY_NEEDED = 3 * GIB;
const INSTEAD = 'or set KAFKA_BROKERS and SCHEMA_REGISTRY_URL to servers that run';

/** Looks at everything that a start needs; changes nothing. */
export async function examine(env = process.env, machine = thisMachine) {
  const javaNeeded = !(env.KAFKA_BROKERS && env.SCHEMA_REGISTRY_URL);
  return [
    node(machine),
    npm(machine),
    ...(javaNeeded ? [java(machine), maven(machine)] : []),
    room('disk', machine.freeBytes(), DISK_NEEDED, 'free some space, or set CONSENT_DATA_DIR to a folder elsewhere'),
    room('memory', machine.memoryBytes(), MEMORY_NEEDED, 'end other programs, or use a machine with more'),
    ...(env.DATABASE_URL ? [] : [user(machine)]),
    await ports(env, machine),
  ];
}

/** One line about the first thing that keeps the stack from starting; undefined when there is none. */
export async function obstacle() {
  const missing = (await examine()).find(({ state }) => state === 'missing');
  return missing && `${missing.what}: ${missing.found}; ${missing.mend}`;
}

/** Prints a line for each finding. @returns whether a start can work */
export async function doctor() {
  const findings = await examine();
  for (const finding of findings) process.stdout.write(`${lineOf(finding)}\n`);
  return findings.every(({ state }) => state !== 'missing');
}

export function lineOf({ what, found, state, mend }) {
  const mark = { ok: '✔', note: '•', missing: '✖' }[state];
  return `${mark} ${what.padEnd(16)} ${found}${mend ? ` → ${mend}` : ''}`;
}

const ok = (what, found) => ({ what, found, state: 'ok' });
const missing = (what, found, mend) => ({ what, found, state: 'missing', mend });

function node(machine) {
  const version = machine.nodeVersion;
  return nodeProblem(version) ? missing('Node', version, 'install Node 20.19 or newer') : ok('Node', version);
}

function npm(machine) {
  const version = machine.output('npm', ['--version'])?.trim();
  return version ? ok('npm', version) : missing('npm', 'not found', 'install npm, which comes with Node');
}

function java(machine) {
  const mend = `install Java 17 or newer (\`apt-get install openjdk-17-jre-headless\`), ${INSTEAD}`;
  const found = /version "((\d+)[^"]*)"/.exec(machine.output(machine.java, ['-version']) ?? '');
  if (!found) return missing('Java', 'not found', mend);
  return Number(found[2]) >= 17 ? ok('Java', found[1]) : missing('Java', `${found[1]} is too old`, mend);
}

function maven(machine) {
  const found = /Apache Maven ([\d.]+)/.exec(machine.output('mvn', ['-B', '--version']) ?? '');
  return found
    ? ok('Maven', found[1])
    : missing('Maven', 'not found', `install it (\`apt-get install maven\`), ${INSTEAD}`);
}

function room(what, bytes, needed, mend) {
  const found = `${(bytes / GIB).toFixed(1)} GiB free`;
  return bytes >= needed ? ok(what, found) : missing(what, `${found}, ${needed / GIB} needed`, mend);
}

function user(machine) {
  if (!machine.isRoot) return ok('user', 'not root, as PostgreSQL wants it');
  if (machine.userNamespaces()) return ok('user namespaces', 'allowed: PostgreSQL runs in one');
  const found = 'not allowed: PostgreSQL runs as user 65534, who must be able to enter the checkout';
  return { what: 'user namespaces', found, state: 'note' };
}

async function ports(env, machine) {
  const services = JSON.parse(readFileSync(new URL('../stack/services/services.json', import.meta.url), 'utf8'));
  const wanted = [
    ...(env.DATABASE_URL ? [] : [{ name: 'PostgreSQL', port: 5432 }]),
    ...(env.KAFKA_BROKERS ? [] : [{ name: 'Kafka', port: 9092 }]),
    ...(env.SCHEMA_REGISTRY_URL ? [] : [{ name: 'schema registry', port: 8081 }]),
    ...services,
  ];
  const busy = [];
  for (const { name, port } of wanted) if (!(await machine.portIsFree(port))) busy.push(`${port} (${name})`);
  if (busy.length === 0) return ok('ports', 'all free');
  return {
    what: 'ports',
    found: `busy: ${busy.join(', ')}`,
    state: 'note',
    mend: 'nothing to do: free ones are taken',
  };
}
