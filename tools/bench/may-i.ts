// "May I?" over HTTP: npm run bench:may-i -- [--rate 2000] [--seconds 30] [--subjects 2000]
import { randomUUID } from 'node:crypto';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { Pool } from 'undici';
import { type Instance } from '../stack/instance.ts';
import { type Platform } from '../stack/platform.ts';
import { freePort } from '../stack/process/choose-port.ts';
import { supervise } from '../stack/process/supervise.ts';
import { SERVICES } from '../stack/services/service-table.ts';
import { waitUntilReady } from '../stack/process/wait-until.ts';
import { onFreshPlatform, say } from './fresh-platform.ts';
import { coresUsed, readCpu } from './usage.ts';

const { values: options } = parseArgs({
  args: process.argv.slice(2),
  options: {
    rate: { type: 'string', default: '2000' },
    seconds: { type: 'string', default: '30' },
    subjects: { type: 'string', default: '2000' },
  },
});
const [rate, seconds, people] = [Number(options.rate), Number(options.seconds), Number(options.subjects)];

/** Decisions of each person: several times around these, so that the ledger is longer than the state. */
const PURPOSES = ['prospect-newsletter', 'customer-newsletter', 'ads-data-targeted-advertising', 'ex-customer-winback'];
const HISTORY = 20;

/** At the rate of the measurement, so that no queue of code to compile is measured. */
const WARM_UP_SECONDS = 10;

/** Asks for what is under `/v1/subjects`, or posts to a door, and gives the answer's body; any status but 200 is an error. */
async function ask(service: Pool, token: string, path: string, body?: string): Promise<string> {
  const { statusCode, body: answer } = await service.request({
    method: body === undefined ? 'GET' : 'POST',
    path,
    headers: {
      authorization: `Bearer ${token}`,
      ...(body === undefined ? {} : { 'content-type': 'application/x-ndjson', 'idempotency-key': randomUUID() }),
    },
    ...(body === undefined ? {} : { body }),
  });
  const text = await answer.text();
  if (statusCode !== 200) throw new Error(`${statusCode}: ${text.slice(0, 200)}`);
  return text;
}

async function prepare(platform: Platform, service: Pool): Promise<string[]> {
  const { channel } = platform.tokens;
  const subjects = Array.from({ length: people }, () => randomUUID());
  const send = async (door: string, lines: object[]): Promise<void> => {
    for (let at = 0; at < lines.length; at += 500) {
      const body = lines.slice(at, at + 500).map((line) => JSON.stringify(line));
      const answer = await ask(service, channel, door, body.join('\n'));
      if (answer.includes('"problem"')) throw new Error(answer.slice(0, 400));
    }
  };
  const facts = { brand: 'proximus', roles: ['customer'], minor: false, contractStart: '2020-01-01T00:00:00Z' };
  await send(
    '/v1/facts/batch',
    subjects.map((subjectId) => ({
      ...{ subjectId, ...facts },
      scopes: (['account', 'line', 'device'] as const).map((level) => ({ level, id: randomUUID() })),
    })),
  );
  const now = Date.now();
  for (let round = 0; round < HISTORY; round++) {
    const purposeId = PURPOSES[round % PURPOSES.length];
    const yes = round % 8 < 4;
    const optIn = purposeId === 'prospect-newsletter' || purposeId === 'ads-data-targeted-advertising';
    const status = optIn ? (yes ? 'given' : 'withdrawn') : yes ? 'objected' : 'objection_lifted';
    const decidedAt = new Date(now - (HISTORY - round) * 1_000).toISOString();
    await send(
      '/v1/decisions/batch',
      subjects.map((subjectId) => ({
        ...{ subjectId, purposeId, status, decidedAt, channel: 'myproximus-web' },
        scope: { level: 'person', id: subjectId },
      })),
    );
  }
  return subjects;
}

interface Measured {
  sent: number;
  failed: number;
  firstFailure: string;
  latencies: number[];
}

/** Open loop: a late answer holds no later question back, and its wait counts from the moment it was due. */
async function questions(
  service: Pool,
  pathOf: () => string,
  token: string,
  perSecond: number,
  forSeconds: number,
): Promise<Measured> {
  const measured: Measured = { sent: 0, failed: 0, firstFailure: '', latencies: [] };
  const open: Promise<void>[] = [];
  const started = performance.now();
  for (let elapsed = 0; elapsed < forSeconds; elapsed = (performance.now() - started) / 1000) {
    const due = Math.floor(Math.min(forSeconds, elapsed) * perSecond);
    for (; measured.sent < due; measured.sent++) {
      const dueAt = started + (measured.sent * 1000) / perSecond;
      open.push(
        ask(service, token, pathOf()).then(
          () => void measured.latencies.push(performance.now() - dueAt),
          (error: unknown) => {
            measured.failed++;
            measured.firstFailure ||= String(error);
          },
        ),
      );
    }
    await pause(1);
  }
  await Promise.all(open);
  return measured;
}

const percentile = (sorted: readonly number[], share: number): string =>
  (sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN).toFixed(1);

async function step(
  title: string,
  platform: Platform,
  service: Pool,
  pathOf: () => string,
  perSecond: number,
  asked: { name: string; pid: number } = { name: 'consent-service', pid: platform.pidOf('consent-service') },
): Promise<void> {
  const names = [asked.name, 'postgres'];
  const pids = new Map([
    [asked.name, asked.pid],
    ['postgres', platform.pidOf('postgres')],
  ]);
  const token = platform.tokens.operator;
  await questions(service, pathOf, token, perSecond, WARM_UP_SECONDS);
  const from = readCpu(pids);
  const { sent, failed, firstFailure, latencies } = await questions(service, pathOf, token, perSecond, seconds);
  const to = readCpu(pids);
  const wall = (to.at - from.at) / 1000;
  const sorted = latencies.sort((a, b) => a - b);
  const perRequest = names.map((name) => {
    const used = (to.seconds.get(name) ?? 0) - (from.seconds.get(name) ?? 0);
    return `${name} ${((used / sent) * 1e6).toFixed(0)} µs (${(used / wall).toFixed(2)} cores)`;
  });
  say(
    `\n## ${title}: ${(sent / wall).toFixed(0)} requests/s for ${seconds} s after ${WARM_UP_SECONDS} s of the same, failed ${failed} ${firstFailure}`,
  );
  say(
    `latency from due to answered, ms: p50 ${percentile(sorted, 0.5)}, p95 ${percentile(sorted, 0.95)}, p99 ${percentile(sorted, 0.99)}`,
  );
  say(`CPU a request: ${perRequest.join(', ')}`);
  const others = coresUsed(from, to).find(({ name }) => name.startsWith('others'))?.cores ?? 0;
  say(
    `meanwhile: this load ${((to.seconds.get('load (this process)') ?? 0) - (from.seconds.get('load (this process)') ?? 0)).toFixed(1)} s of CPU, others on this machine ${others.toFixed(2)} cores`,
  );
}

const PLAIN_LOOKUP = path.join(import.meta.dirname, 'plain-lookup.ts');

/** The same questions to a process that looks the last state up and does nothing else. */
async function plainWay(title: string, instance: Instance, platform: Platform, pathOf: () => string): Promise<void> {
  const port = await freePort();
  const args = [PLAIN_LOOKUP, platform.databaseUrlOf('consent-service'), String(port)];
  const name = 'plain-lookup';
  const plain = await supervise(instance, { name, command: process.execPath, args, marker: PLAIN_LOOKUP });
  const service = new Pool(`http://127.0.0.1:${port}`, { connections: 32 });
  try {
    await waitUntilReady(plain, () =>
      ask(service, '', pathOf()).then(
        () => true,
        () => false,
      ),
    );
    await step(title, platform, service, pathOf, rate, { name, pid: plain.pid });
  } finally {
    await service.close();
    await plain.stop();
  }
}

/** Everything but consent-service and what it needs. */
async function stopOthers(platform: Platform): Promise<void> {
  const others = SERVICES.map(({ name }) => name).filter((name) => name !== 'consent-service');
  for (const name of others) await platform.signal(name, 'SIGTERM');
  while (others.some((name) => platform.running(name))) await pause(50);
}

await onFreshPlatform(async (platform, instance) => {
  const service = new Pool(platform.urlOf('consent-service'), { connections: 32 });
  const subjects = await prepare(platform, service);
  say(`${people} people with ${HISTORY} decisions on ${PURPOSES.length} purposes and three scopes each.`);
  const someone = (): string => subjects[Math.floor(Math.random() * subjects.length)] ?? '';
  const one = (): string =>
    `/v1/subjects/${someone()}/permissions?purpose=${PURPOSES[Math.floor(Math.random() * PURPOSES.length)]}`;
  const onePurpose = async (beside: string): Promise<void> => {
    await step(`one purpose, ${beside}`, platform, service, one, rate);
    await plainWay(`the plain way, one purpose, ${beside}`, instance, platform, one);
  };
  await onePurpose('the whole pipeline beside');
  await step('all purposes', platform, service, () => `/v1/subjects/${someone()}/permissions`, Math.min(rate, 100));
  await stopOthers(platform);
  await onePurpose('consent-service, PostgreSQL and Kafka alone');
  await service.close();
});
