import { spawnSync } from 'node:child_process';
import { existsSync, statfsSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** What is asked of the machine, so that a test can ask another one. */
export const thisMachine = {
  nodeVersion: process.versions.node,
  isRoot: process.getuid?.() === 0,
  java: process.env.JAVA_HOME ? path.join(process.env.JAVA_HOME, 'bin', 'java') : 'java',
  output(command, args) {
    const run = spawnSync(command, args, { encoding: 'utf8', shell: process.platform === 'win32' });
    return run.status === 0 ? `${run.stdout}${run.stderr}` : undefined;
  },
  freeBytes() {
    const data = process.env.CONSENT_DATA_DIR ?? path.join(root, '.data');
    const { bavail, bsize } = statfsSync(existsSync(data) ? data : root);
    return bavail * bsize;
  },
  memoryBytes: () => os.freemem(),
  userNamespaces: () => spawnSync('unshare', ['--user', '--map-user=1000', '--map-group=1000', 'true']).status === 0,
  portIsFree: (port) =>
    new Promise((resolve) => {
      const server = createServer();
      server.once('error', () => resolve(false));
      server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)));
    }),
};
