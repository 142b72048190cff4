import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { dataFolder, dataFolderFault } from '../bootstrap/data-folder.mjs';
import { refuse } from './stack-error.ts';

export { dataFolder };

/** Root of the checkout. */
export const ROOT = path.resolve(import.meta.dirname, '../..');

/** One local stack with data, logs, secrets and processes of its own, all below one folder. */
export interface Instance {
  /** `main` (npm start), `demo`, `dev` (stack up), `test`, or as `--name` says. */
  name: string;
  dir: string;
  /** Cache of downloaded jars, shared by all instances. */
  jars: string;
  pids: string;
  logs: string;
}

export function instanceAt(name: string, dataDir = dataFolder()): Instance {
  return instanceIn(path.join(dataDir, name));
}

/** The instance of that folder. */
export function instanceIn(dir: string): Instance {
  const jars = path.join(path.dirname(dir), 'jars');
  return { name: path.basename(dir), dir, jars, pids: path.join(dir, 'pids'), logs: path.join(dir, 'logs') };
}

/** @throws StackError when nothing can be written there */
export function createFolders(instance: Instance): void {
  refuse(dataFolderFault(instance.dir));
  mkdirSync(path.dirname(instance.dir), { recursive: true });
  // Passwords and the database live below. Its parent stays open: PostgreSQL may have to run as another user.
  mkdirSync(instance.dir, { recursive: true, mode: 0o700 });
  mkdirSync(instance.pids, { recursive: true });
  mkdirSync(instance.logs, { recursive: true });
}
