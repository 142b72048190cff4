import { spawnSync } from 'node:child_process';
import { statfsSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { dataFolderFault, nearestExisting } from './data-folder.mjs';
import * as network from './network.mjs';

/** What is asked of the machine, so that a test can ask another one. */
export const thisMachine = {
  nodeVersion: process.versions.node,
  isRoot: process.getuid?.() === 0,
  java: process.env.JAVA_HOME ? path.join(process.env.JAVA_HOME, 'bin', 'java') : 'java',
  output(command, args) {
    const run = spawnSync(command, args, { encoding: 'utf8', shell: process.platform === 'win32' });
    return run.status === 0 ? `${run.stdout}${run.stderr}` : undefined;
  },
  freeBytes(folder) {
    const { bavail, bsize } = statfsSync(nearestExisting(folder));
    return bavail * bsize;
  },
  memoryBytes: () => os.freemem(),
  userNamespaces: () => spawnSync('unshare', ['--user', '--map-user=1000', '--map-group=1000', 'true']).status === 0,
  dataFolderFault,
  ...network,
};
