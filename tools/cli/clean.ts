import { existsSync, readdirSync, rmSync } from 'node:fs';
import { dataFolder, instanceAt } from '../stack/instance.ts';
import { claimInstance } from '../stack/process/claim-instance.ts';

/** Stops what was left running and removes the data folder. @throws StackError when a launcher runs */
export async function clean(): Promise<void> {
  const folder = dataFolder();
  if (existsSync(folder))
    for (const name of readdirSync(folder))
      if (name !== 'jars' && !name.startsWith('jars.')) await claimInstance(instanceAt(name));
  rmSync(folder, { recursive: true, force: true });
  process.stdout.write(`removed ${folder}\n`);
}
