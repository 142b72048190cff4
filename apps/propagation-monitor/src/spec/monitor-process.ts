import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { required, until } from '@consent/testing';

/** The built service as a process of its own. */
export interface MonitorProcess {
  url: string;
  child: ChildProcess;
  /** Lines of its log so far. */
  log(): string[];
  get(path: string, init?: RequestInit): Promise<{ status: number; headers: Headers; body: unknown }>;
  /** @returns the exit code, or the signal */
  kill(signal: NodeJS.Signals): Promise<number | string | null>;
}

export async function startMonitorProcess(env: Record<string, string>): Promise<MonitorProcess> {
  const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
  const child = spawn(process.execPath, [main], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      KAFKA_BROKERS: required('KAFKA_BROKERS'),
      SCHEMA_REGISTRY_URL: required('SCHEMA_REGISTRY_URL'),
      PORT: '0',
      ...env,
    },
  });
  // Not 'exit': by then its last lines may still be on their way.
  const ended = once(child, 'close');
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const log = (): string[] => output.split('\n').filter((line) => line !== '');
  const url = await until(
    'the monitor listens',
    () => /"url":"([^"]+)"/.exec(output)?.[1] ?? (child.exitCode === null ? undefined : 'none'),
    { timeoutMs: 60_000 },
  );
  if (url === 'none') await ended;
  if (url === 'none') throw new Error(`The monitor ended: ${output}`);
  return {
    url: url ?? '',
    child,
    log,
    async get(path, init) {
      const response = await fetch(`${url}${path}`, init);
      const text = await response.text();
      const isJson = response.headers.get('content-type')?.includes('json') ?? false;
      return {
        status: response.status,
        headers: response.headers,
        body: isJson ? (JSON.parse(text) as unknown) : text,
      };
    },
    async kill(signal) {
      child.kill(signal);
      await ended;
      return child.exitCode ?? child.signalCode;
    },
  };
}
