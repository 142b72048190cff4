// Runs on the machine's own Node (20.19 or newer): installs the packages when that is needed, then hands over to
// tools/cli/main.ts on the Node 24 that came with them.
import { spawn } from 'node:child_process';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { doctor, obstacle } from './bootstrap/doctor.mjs';
import { ensurePackages } from './bootstrap/ensure-packages.mjs';
import { nodeProblem } from './bootstrap/node-problem.mjs';

const problem = nodeProblem(process.versions.node);
if (problem) fail(problem);
const root = path.resolve(import.meta.dirname, '..');
const [command, ...args] = process.argv.slice(2);
if (command === 'doctor') {
  if (args.length > 0) fail(`doctor takes no arguments: found '${args.join(' ')}'`);
  process.exit((await doctor()) ? 0 : 1);
}
/** The data folder of each command that starts the stack, where none is named. */
const instanceOf = { start: 'main', demo: 'demo', test: 'test', bench: 'bench' };
if (command in instanceOf) {
  // Said before minutes go into the installation.
  const { name } = parseArgs({ args, options: { name: { type: 'string' } }, strict: false }).values;
  const missing = await obstacle(typeof name === 'string' ? name : instanceOf[command]);
  if (missing) fail(missing.line, missing.exitCode);
}
const failure = await ensurePackages(root);
if (failure) fail(failure);
handOver();

/** The launcher gets a channel: when this process is killed, it notices and stops what it started. */
function handOver() {
  const node = path.join(root, 'node_modules', 'node', 'bin', 'node');
  const bin = path.join(root, 'node_modules', '.bin');
  const child = spawn(node, [path.join(root, 'tools', 'cli', 'main.ts'), ...(command ? [command, ...args] : [])], {
    cwd: root,
    stdio: ['inherit', 'inherit', 'inherit', 'ipc'],
    env: { ...process.env, PATH: `${bin}${path.delimiter}${process.env.PATH ?? ''}` },
  });
  // Ctrl-C in a terminal reaches the child by itself too; it takes the first one and does not mind the second.
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  // npm passes signals on, as its scripts begin with `exec`; killed outright, it leaves this process to another parent.
  const parent = process.ppid;
  if (process.env.npm_lifecycle_event)
    setInterval(() => process.ppid === parent || child.kill('SIGTERM'), 1_000).unref();
  child.on('error', (error) =>
    fail(`Node 24 could not be started (${error.message}): remove node_modules and try again`),
  );
  child.on('exit', (code, signal) => process.exit(signal ? 1 : (code ?? 1)));
}

function fail(message, exitCode = 1) {
  process.stderr.write(`${message}\n`);
  process.exit(exitCode);
}
