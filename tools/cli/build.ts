import path from 'node:path';
import { execa } from 'execa';
import { type ListrTask } from 'listr2';
import { ROOT } from '../stack/instance.ts';
import { StackError } from '../stack/stack-error.ts';

/**
 * Compiles all packages, or one and what it stands on; Nx skips those whose sources are unchanged.
 * @throws StackError with the compiler's words
 */
export async function build(project?: string): Promise<void> {
  const one = project ? ['-p', project] : [];
  const run = await execa('nx', ['run-many', '-t', 'build', ...one, '--output-style=static'], {
    cwd: ROOT,
    localDir: path.join(ROOT, 'node_modules'),
    preferLocal: true,
    // No daemon, and plugins in this process: as workers they take three times as long, and outlive an Nx that is killed.
    env: { NX_DAEMON: 'false', NX_ISOLATE_PLUGINS: 'false', NX_TUI: 'false', FORCE_COLOR: '0' },
    reject: false,
    all: true,
    stdin: 'ignore',
  });
  if (run.failed) throw new StackError('The build failed', (run.all ?? run.shortMessage).trim().slice(-3_000));
}

export const buildTask = <Context>(): ListrTask<Context> => ({ title: 'Build', task: () => build() });
