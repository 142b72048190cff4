import path from 'node:path';
import { execa } from 'execa';
import { type Instance, ROOT } from '../stack/instance.ts';
import { type Counts } from './counts.ts';
import { environmentOf } from './environment.ts';

/** A command that passes or fails as a whole, and counts as one test. */
export interface Check {
  title: string;
  command: readonly [string, ...string[]];
}

export const CHECKS: readonly Check[] = [
  { title: 'all files are formatted', command: ['prettier', '--check', '--log-level', 'warn', '.'] },
  { title: 'all packages type-check', command: ['tsc', '-p', 'tsconfig.json'] },
  { title: 'no lint rule is broken', command: ['eslint', '--max-warnings', '0', '.'] },
  { title: 'wire types are those of the schemas', command: ['node', 'tools/schemas/generate-types.ts', '--check'] },
  { title: 'affected projects can be told', command: ['nx', 'show', 'projects', '--affected', '--base=HEAD'] },
];

export async function runCheck({ title, command }: Check, instance: Instance): Promise<Counts> {
  const started = performance.now();
  const [program, ...args] = command;
  const run = await execa(program, args, {
    cwd: ROOT,
    preferLocal: true,
    localDir: path.join(ROOT, 'node_modules'),
    env: environmentOf(instance),
    reject: false,
    all: true,
    stdin: 'ignore',
  });
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  process.stdout.write(`${run.failed ? '✖' : '✔'} ${title} [${seconds}s]\n`);
  if (run.failed) process.stdout.write(`${(run.all ?? run.shortMessage).trim().split('\n').slice(-60).join('\n')}\n`);
  return { passed: run.failed ? 0 : 1, failed: run.failed ? 1 : 0, skipped: 0 };
}
