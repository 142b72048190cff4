import { spawn } from 'node:child_process';
import { closeSync, fstatSync, openSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { type Instance } from '../instance.ts';
import { isClosing } from './closing.ts';
import { OWNER_VARIABLE } from './leftovers.ts';
import { readPidFiles, removePidFile, stillRuns, writePidFile } from './pid-file.ts';
import { stopProcess } from './stop-process.ts';

export interface ProcessSpec {
  /** Names the pid file and the log. */
  name: string;
  command: string;
  args: string[];
  /** Part of the command line that no foreign process has. */
  marker: string;
  env?: Record<string, string>;
  cwd?: string;
  /** How it is asked to end in good order; SIGTERM when absent. */
  stopSignal?: NodeJS.Signals;
  uid?: number;
  gid?: number;
}

/** A process that outlives the call which started it, found again by its pid file. */
export interface Supervised {
  name: string;
  pid: number;
  log: string;
  /** Where this run begins in the log, which keeps those before it; bytes. */
  logFrom: number;
  running(): boolean;
  /** Resolves with the reason when it ends, in words. */
  ended: Promise<string>;
  stop(): Promise<void>;
}

/** Starts a process in a group of its own, so that Ctrl-C reaches the launcher alone, which stops all in order. */
export async function supervise(instance: Instance, spec: ProcessSpec): Promise<Supervised> {
  if (isClosing(instance)) throw new Error(`${spec.name} is not started: everything is being stopped`);
  const log = path.join(instance.logs, `${spec.name}.log`);
  const output = openSync(log, 'a');
  const logFrom = fstatSync(output).size;
  const child = spawn(spec.command, spec.args, {
    cwd: spec.cwd ?? instance.dir,
    env: { ...inheritedEnvironment(), ...spec.env, [OWNER_VARIABLE]: instance.dir },
    stdio: ['ignore', output, output],
    detached: true,
    ...(spec.uid === undefined ? {} : { uid: spec.uid }),
    ...(spec.gid === undefined ? {} : { gid: spec.gid }),
  });
  closeSync(output);
  const ended = new Promise<string>((resolve) => {
    child.once('error', (error) => resolve(`could not be started: ${error.message}`));
    child.once('exit', (code, signal) => resolve(signal ? `was ended by ${signal}` : `exited with code ${code}`));
  });
  const { pid } = child;
  if (pid === undefined) throw new Error(`${spec.name} ${await ended}`);
  const running = (): boolean => child.exitCode === null && child.signalCode === null;
  // Amid execve the kernel shows no command line yet, as of a process that ends: without a pid file nobody would stop it.
  const record = { name: spec.name, pid, marker: spec.marker, stopSignal: spec.stopSignal ?? 'SIGTERM' };
  while (running() && !writePidFile(instance.pids, record)) await pause(5);
  child.unref();
  return {
    name: spec.name,
    pid,
    log,
    logFrom,
    running,
    ended,
    async stop() {
      const record = readPidFiles(instance.pids).find(({ name }) => name === spec.name);
      if (record && stillRuns(record)) await stopProcess(record);
      removePidFile(instance.pids, spec.name);
    },
  };
}

/** Only what programs need to run; what configures our services is given to each of them by name. */
function inheritedEnvironment(): Record<string, string> {
  const kept = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'LANG', 'LC_ALL', 'JAVA_HOME', 'SYSTEMROOT', 'NODE_EXTRA_CA_CERTS'];
  return Object.fromEntries(kept.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}
