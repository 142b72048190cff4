import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { until } from '@consent/testing';
import { dataFolder, type Instance, instanceAt, ROOT } from '../stack/instance.ts';
import { ensureJars } from '../stack/java/jars.ts';
import { type PidRecord, readPidFiles, stillRuns } from '../stack/process/pid-file.ts';

/** The launcher, run as a user would: without the servers and the mark of this test run, on data of its own. */
export interface SpecLauncher {
  instance(name: string): Instance;
  /** Processes of the instance that run now. */
  running(name: string): PidRecord[];
  start(args: string[], env?: Record<string, string>): LauncherRun;
  /** The same through a script of package.json. */
  npm(script: string, ...args: string[]): LauncherRun;
  /** Runs to the end. @throws Error with all it said, when it fails */
  output(...args: string[]): Promise<string>;
  remove(): void;
}

export interface LauncherRun {
  child: ChildProcess;
  text(): string;
  /** The exit code. */
  ended: Promise<number | null>;
  /** Waits until it has said something. */
  said(what: RegExp, timeoutMs?: number): Promise<void>;
}

const HIDDEN = ['KAFKA_BROKERS', 'SCHEMA_REGISTRY_URL', 'DATABASE_URL', 'CONSENT_INSTANCE', 'NODE_OPTIONS'];

export async function specLauncher(): Promise<SpecLauncher> {
  const folder = mkdtempSync(path.join(realpathSync(os.tmpdir()), 'data with spaces '));
  await ensureJars(path.join(dataFolder(), 'jars'));
  symlinkSync(path.join(dataFolder(), 'jars'), path.join(folder, 'jars'));

  function run(command: string, args: string[], more: Record<string, string> = {}): LauncherRun {
    const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !HIDDEN.includes(name)));
    const child = spawn(command, args, {
      cwd: ROOT,
      env: { ...env, CONSENT_DATA_DIR: folder, ...more },
      stdio: ['ignore', 'pipe', 'pipe'],
      // A group of its own, as a terminal gives it: Ctrl-C goes to the whole group.
      detached: true,
    });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += String(chunk)));
    const ended = once(child, 'exit').then(([code]) => code as number | null);
    const said = async (what: RegExp, timeoutMs = 120_000): Promise<void> => {
      await until(`the launcher says ${what}`, () => what.test(text), { timeoutMs }).catch((error: unknown) => {
        throw new Error(`${String(error)}; it said:\n${text}`);
      });
    };
    return { child, text: () => text, ended, said };
  }

  const start: SpecLauncher['start'] = (args, env) => run(process.execPath, ['tools/run.mjs', ...args], env);

  return {
    instance: (name) => instanceAt(name, folder),
    running: (name) => readPidFiles(instanceAt(name, folder).pids).filter((record) => stillRuns(record)),
    start,
    npm: (script, ...args) => run('npm', ['run', script, '--', ...args]),
    async output(...args) {
      const started = start(args);
      if ((await started.ended) !== 0) throw new Error(`${args.join(' ')} failed; it said:\n${started.text()}`);
      return started.text();
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
