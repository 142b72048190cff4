import { existsSync, readdirSync, rmdirSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { dataFolder, instanceAt, ROOT } from '../stack/instance.ts';
import { claimInstance } from '../stack/process/claim-instance.ts';

/**
 * Stops what was left running and removes the data folder; of one that CONSENT_DATA_DIR names, what was made here.
 * @throws StackError when a launcher runs
 */
export async function clean(): Promise<void> {
  const folder = dataFolder();
  const names = existsSync(folder) ? readdirSync(folder) : [];
  const instances = names.filter((name) => existsSync(instanceAt(name).pids));
  for (const name of instances) await claimInstance(instanceAt(name));
  const isOurs = folder === path.join(ROOT, '.data');
  for (const name of names)
    if (isOurs || instances.includes(name) || isJars(folder, name))
      rmSync(path.join(folder, name), { recursive: true, force: true });
  const others = existsSync(folder) ? readdirSync(folder) : [];
  if (others.length === 0 && existsSync(folder)) rmdirSync(folder);
  process.stdout.write(
    others.length === 0
      ? `removed ${folder}\n`
      : `removed the data in ${folder}; left what was not made here: ${others.join(', ')}\n`,
  );
}

/** The cache of jars, or one whose filling was cut off. */
const isJars = (folder: string, name: string): boolean =>
  /^jars(\.|$)/.test(name) &&
  statSync(path.join(folder, name)).isDirectory() &&
  readdirSync(path.join(folder, name)).every((entry) => /^(kafka|registry)/.test(entry));
