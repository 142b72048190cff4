import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { execa } from 'execa';
import { type Instance, ROOT } from '../stack/instance.ts';
import { type Servers } from '../stack/servers.ts';
import { type Counts } from './counts.ts';
import { environmentOf } from './environment.ts';

export interface Suite {
  name: string;
  /** Of file names. */
  pattern: string;
  workers: number;
}

interface JestReport {
  numPassedTests: number;
  numFailedTests: number;
  numPendingTests: number;
  numTodoTests: number;
  /** Suites that could not be loaded. */
  numRuntimeErrorTestSuites: number;
}

/**
 * Runs the specs of all projects whose file names match; none is a failure. Counts come from Jest's own report.
 * @param signal ends it at once: it would go on without its servers
 */
export async function runJest(
  instance: Instance,
  servers: Servers,
  suite: Suite,
  signal: AbortSignal,
): Promise<Counts> {
  process.stdout.write(`\n${suite.name}\n`);
  const report = path.join(instance.dir, 'jest.json');
  rmSync(report, { force: true });
  const run = await execa(
    process.execPath,
    [
      '--experimental-vm-modules',
      '--disable-warning=ExperimentalWarning',
      path.join(ROOT, 'node_modules', 'jest', 'bin', 'jest.js'),
      ...['--projects', ...projects()],
      // A promise is not broken because the machine is busy: what waits for a condition says itself for how long.
      ...['--testPathPatterns', suite.pattern, '--testTimeout=60000'],
      ...[`--maxWorkers=${suite.workers}`, '--json', `--outputFile=${report}`],
      // A spec whose set-up failed leaves its connections open, for which a worker that is alone would wait for ever.
      '--forceExit',
    ],
    {
      cwd: ROOT,
      env: environmentOf(instance, servers),
      reject: false,
      cancelSignal: signal,
      // Progress and failures come on stderr; stdout would repeat the report.
      stdio: ['ignore', 'ignore', 'inherit'],
    },
  );
  const counts = existsSync(report) ? countsOf(readFileSync(report, 'utf8')) : undefined;
  if (!counts) return { passed: 0, failed: 1, skipped: 0 };
  // Jest may fail for a reason that no test has, such as an error after the last one.
  return run.failed && counts.failed === 0 ? { ...counts, failed: 1 } : counts;
}

export function countsOf(json: string): Counts {
  const report = JSON.parse(json) as JestReport;
  return {
    passed: report.numPassedTests,
    failed: report.numFailedTests + report.numRuntimeErrorTestSuites,
    skipped: report.numPendingTests + report.numTodoTests,
  };
}

/** Every folder with a Jest configuration. */
function projects(): string[] {
  const below = (folder: string): string[] =>
    readdirSync(path.join(ROOT, folder)).map((name) => path.join(ROOT, folder, name));
  return [...below('libs'), ...below('apps'), path.join(ROOT, 'tools')].filter((dir) =>
    existsSync(path.join(dir, 'jest.config.mjs')),
  );
}
