// Needs nothing but Node itself, so that it can speak before anything is installed.
import path from 'node:path';
import { askedPortFaults, mayBeOurs, portWishes } from './asked-ports.mjs';
import { dataFolder } from './data-folder.mjs';
import { malformedAddresses, serversGivenBy, unusableServers } from './given-servers.mjs';
import { nodeProblem } from './node-problem.mjs';
import { malformedSettings } from './settings.mjs';
import { thisMachine } from './this-machine.mjs';

const GIB = 2 ** 30;
const DISK_NEEDED = 3 * GIB;
const MEMORY_NEEDED = 3 * GIB;
/** EX_CONFIG of sysexits.h, as services exit with it. */
const WRONG_CONFIGURATION = 78;
const INSTEAD = 'or set KAFKA_BROKERS and SCHEMA_REGISTRY_URL to servers that run';

/**
 * Looks at everything that a start needs; changes nothing.
 * @param instance whose processes of an earlier run the start would stop
 */
export async function examine(env = process.env, machine = thisMachine, instance = 'main') {
  const given = serversGivenBy(env);
  const javaNeeded = !(given.brokers && given.registryUrl);
  return [
    node(machine),
    npm(machine),
    ...(javaNeeded ? [java(machine), maven(machine)] : []),
    data(machine, dataFolder(env), !given.brokers),
    room('memory', machine.memoryBytes(), MEMORY_NEEDED, 'end other programs, or use a machine with more'),
    ...(given.databaseUrl ? [] : [user(machine)]),
    ...malformedSettings(env).map((fault) => faulty('settings', fault)),
    ...(Object.keys(given).length > 0 ? await servers(given, machine) : []),
    ...(await ports(env, machine, path.join(dataFolder(env), instance))),
  ];
}

/** One line about the first thing that keeps the stack from starting, and the exit code; undefined when there is none. */
export async function obstacle(instance) {
  const first = (await examine(process.env, thisMachine, instance)).find(({ state }) => state === 'missing');
  if (!first) return undefined;
  return { line: `${first.what}: ${first.found}; ${first.mend}`, exitCode: first.wrongValue ? WRONG_CONFIGURATION : 1 };
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
const faulty = (what, { found, mend, wrongValue }) => ({
  ...missing(what, found, mend),
  ...(wrongValue ? { wrongValue } : {}),
});

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

function data(machine, folder, forKafka) {
  const fault = machine.dataFolderFault(folder);
  if (fault) return faulty('data folder', fault);
  // Kafka takes a comma for the end of one folder and the start of another.
  if (forKafka && folder.includes(','))
    return missing('data folder', `${folder} has a comma in its path`, 'set CONSENT_DATA_DIR to a folder without one');
  return room(
    'disk',
    machine.freeBytes(folder),
    DISK_NEEDED,
    'free some space, or set CONSENT_DATA_DIR to a folder elsewhere',
  );
}

async function servers(given, machine) {
  const malformed = malformedAddresses(given);
  if (malformed.length > 0) return malformed.map((fault) => faulty('given servers', fault));
  const unusable = await unusableServers(given, machine);
  if (unusable.length > 0) return unusable.map((fault) => faulty('given servers', fault));
  const unseen = given.databaseUrl && (await machine.databaseRefusal(given.databaseUrl)) === 'unknown';
  return [ok('given servers', unseen ? 'answer; the login is tried once the packages are installed' : 'answer')];
}

async function ports(env, machine, instanceDir) {
  const isFree = async (port) => (await machine.portIsFree(port)) || mayBeOurs(instanceDir, port);
  const wishes = portWishes(serversGivenBy(env));
  const faults = await askedPortFaults(wishes, env, isFree);
  const busy = [];
  for (const { owner, variable, preferred } of wishes)
    if (preferred && !env[variable] && !(await machine.portIsFree(preferred))) busy.push(`${preferred} (${owner})`);
  const found = `busy: ${busy.join(', ')}`;
  return [
    ...faults.map((fault) => faulty('ports', fault)),
    ...(busy.length > 0 ? [{ what: 'ports', found, state: 'note', mend: 'nothing to do: free ones are taken' }] : []),
    ...(faults.length + busy.length === 0 ? [ok('ports', 'all free')] : []),
  ];
}
