import { spawn, spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'];

/**
 * `npm ci`, when node_modules is missing, half-finished or of another package-lock.json.
 * @returns one line when that fails
 */
export async function ensurePackages(root) {
  const reason = whyInstall(root);
  if (!reason) return undefined;
  const started = performance.now();
  process.stdout.write(`Installing packages, ${reason} …\n`);
  const code = await npmCi(root);
  if (code === 'ENOENT') return 'npm is missing: install it together with Node (version 10 or newer)';
  if (code === 'SIGKILL') return 'Interrupted: the installation is not finished; the next start does it again';
  if (code !== 0) return `npm ci failed (exit code ${code}); see above`;
  const left = whyInstall(root);
  if (left) return `npm ci ended, and yet ${left}: remove node_modules and try again`;
  process.stdout.write(`Installed in ${((performance.now() - started) / 1000).toFixed(1)} s\n`);
  return undefined;
}

/** Why the packages cannot be used as they are; undefined when they can. */
export function whyInstall(root) {
  const modules = path.join(root, 'node_modules');
  if (!existsSync(modules)) return 'as there are none yet';
  // npm writes this file when everything else is done, so it doubles as the stamp of a finished installation.
  const installed = readLock(path.join(modules, '.package-lock.json'));
  if (!installed) return 'as an earlier installation was not finished';
  const wanted = readLock(path.join(root, 'package-lock.json'));
  const stale = Object.entries(wanted?.packages ?? {}).find(
    ([name, { version, link, optional }]) =>
      name.startsWith('node_modules/') &&
      !link &&
      installed.packages[name]?.version !== version &&
      !(optional && !installed.packages[name]),
  );
  if (stale) return `as ${stale[0].slice('node_modules/'.length)} is not the version of package-lock.json`;
  const node = path.join(modules, 'node', 'bin', 'node');
  if (spawnSync(node, ['--version']).status !== 0) return 'as Node 24 is missing among them';
  return undefined;
}

function readLock(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
  } catch {
    return undefined;
  }
}

/** A signal kills it, as npm would go on for most of a minute and then clear away what a next start installs meanwhile. */
function npmCi(root) {
  return new Promise((resolve) => {
    // Heard before npm runs: a signal that came between would end this process and leave npm behind.
    const kill = () => npm.kill('SIGKILL');
    for (const signal of SIGNALS) process.on(signal, kill);
    const npm = spawn('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
      cwd: root,
      stdio: ['ignore', 'inherit', 'inherit'],
      shell: process.platform === 'win32',
    });
    const end = (how) => {
      for (const signal of SIGNALS) process.off(signal, kill);
      resolve(how);
    };
    npm.once('error', (error) => end(error.code));
    npm.once('exit', (code, signal) => end(code ?? signal));
  });
}
