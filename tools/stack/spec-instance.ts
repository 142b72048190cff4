import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { createFolders, dataFolder, type Instance, instanceAt } from './instance.ts';
import { stopLeftovers } from './process/leftovers.ts';

export interface SpecInstance extends Instance {
  /** Stops its processes and removes its folder. */
  remove(): Promise<void>;
}

/** An instance of its own in a folder whose path has spaces; the jars are those of the checkout. */
export function specInstance(name = 'spec'): SpecInstance {
  const folder = mkdtempSync(path.join(realpathSync(os.tmpdir()), 'a path with spaces '));
  const instance = { ...instanceAt(name, folder), jars: path.join(dataFolder(), 'jars') };
  createFolders(instance);
  const remove = async (): Promise<void> => {
    await stopLeftovers(instance);
    rmSync(folder, { recursive: true, force: true });
  };
  return { ...instance, remove };
}
