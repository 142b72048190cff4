import { spawn } from 'node:child_process';
import path from 'node:path';
import { nodeFlagsOf } from '../build/node-flags.ts';
import { ROOT } from '../stack/instance.ts';
import { type Platform } from '../stack/platform.ts';
import { memory } from './usage.ts';

export interface Ended {
  exitCode: number;
  /** Its report, as `--json` prints it. */
  report: Record<string, unknown>;
  error: string;
  /** MiB resident at its peak. */
  peak: number;
  seconds: number;
}

const LOOK_EVERY_MS = 200;

/** Runs the command line as operators do, in a process of its own. */
export async function consentctl(platform: Platform, token: string, args: readonly string[]): Promise<Ended> {
  const main = path.join(ROOT, 'apps', 'consentctl', 'dist', 'main.js');
  const started = performance.now();
  const child = spawn(process.execPath, [...nodeFlagsOf('consentctl'), main, ...args, '--json'], {
    env: { ...process.env, CONSENT_URL: platform.urlOf('consent-service'), CONSENT_TOKEN: token },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let [out, error, peak] = ['', '', 0];
  child.stdout.setEncoding('utf8').on('data', (text: string) => (out += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (error = text));
  const look = setInterval(() => {
    // Linux keeps the peak itself, until the process is gone.
    if (child.pid !== undefined && child.exitCode === null) peak = Math.max(peak, memory(child.pid).peak);
  }, LOOK_EVERY_MS);
  const exitCode = await new Promise<number>((resolve, reject) => {
    child.once('error', reject).once('close', (code) => resolve(code ?? -1));
  });
  clearInterval(look);
  const report = (out === '' ? {} : JSON.parse(out)) as Record<string, unknown>;
  return { exitCode, report, error, peak, seconds: (performance.now() - started) / 1000 };
}
