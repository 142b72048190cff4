import { spawn } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { required, testDatabase, type TestDatabase, type TestTopics, until } from '@consent/testing';

/** The built consent-service, with ledger and relay, as a process of its own on a database of its own. */
export interface ConsentProcess {
  url: string;
  database: TestDatabase;
  /** With the right to read. */
  readToken: string;
  /** Records a closing for each of so many new subjects. @returns subject ids */
  record(count: number): Promise<string[]>;
  end(): Promise<void>;
}

const APP = fileURLToPath(new URL('../../../consent-service/', import.meta.url));
const CHANNEL = 'channel-token';
const READER = 'reader-token';
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

export async function startConsentProcess(topics: TestTopics): Promise<ConsentProcess> {
  const database = await testDatabase({
    migrations: [{ name: 'consent_service', dir: path.join(APP, 'migrations') }],
  });
  const folder = mkdtempSync(path.join(tmpdir(), 'consent-callers-'));
  const callersFile = path.join(folder, 'callers.json');
  const callers = [
    { name: 'channel', tokenSha256: sha256(CHANNEL), actor: 'self', may: ['record'] },
    { name: 'propagation-monitor', tokenSha256: sha256(READER), actor: 'system', may: ['read'] },
  ];
  writeFileSync(callersFile, JSON.stringify(callers));
  const child = spawn(process.execPath, [path.join(APP, 'dist/main.js')], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: {
      DATABASE_URL: database.appUrl,
      KAFKA_BROKERS: required('KAFKA_BROKERS'),
      SCHEMA_REGISTRY_URL: required('SCHEMA_REGISTRY_URL'),
      KAFKA_TOPIC_PREFIX: topics.prefix,
      CALLERS_FILE: callersFile,
      PORT: '0',
    },
  });
  const ended = once(child, 'close');
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const end = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
    await database.drop();
    rmSync(folder, { recursive: true });
  };
  const url = await until(
    'consent-service listens',
    () => /"url":"([^"]+)"/.exec(output)?.[1] ?? (child.exitCode === null ? undefined : 'none'),
    { timeoutMs: 60_000 },
  );
  if (url === undefined || url === 'none') {
    await end();
    throw new Error(`consent-service ended: ${output}`);
  }
  return {
    url,
    database,
    readToken: READER,
    async record(count) {
      const subjects = Array.from({ length: count }, () => randomUUID());
      const response = await fetch(`${url}/v1/decisions/batch`, {
        method: 'POST',
        headers: {
          authorization: `Bearer ${CHANNEL}`,
          'content-type': 'application/json',
          'idempotency-key': randomUUID(),
        },
        body: JSON.stringify(
          subjects.map((subjectId) => ({
            subjectId,
            scope: { level: 'person', id: subjectId },
            purposeId: 'prospect-newsletter',
            status: 'withdrawn',
            channel: 'myproximus-web',
          })),
        ),
      });
      const lines = (await response.json()) as { status: number }[];
      if (!lines.every(({ status }) => status === 201)) throw new Error(`Not recorded: ${JSON.stringify(lines[0])}`);
      return subjects;
    },
    end,
  };
}
