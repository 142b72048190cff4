import path from 'node:path';
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import pg from 'pg';
import { type Instance } from '../stack/instance.ts';
import { type Platform } from '../stack/platform.ts';
import { SERVICES } from '../stack/services/service-table.ts';
import { keepCommitTimes, onFreshPlatform, rounded, say } from './fresh-platform.ts';
import { appliedCounts, committedToApplied, lastApplied } from './latency.ts';
import { type Choice, choicesOf } from './choices.ts';
import { type Load, load } from './load.ts';
import { benchOptions } from './options.ts';
import { plainWay } from './peer.ts';
import { forgetStatements, recordStatements, slowestStatements } from './statements.ts';
import { coresUsed, memory, pipelineCores, readCpu } from './usage.ts';

// npm run bench -- [--steps idle,latency,sustained,drain,peer] [--rate 1350] [--seconds 60] [--backlog 100000] [--lines 100] [--true-catalogue] [--statements]
const options = benchOptions(process.argv.slice(2));
const { seconds, lines } = options;

/** Every process of the pipeline: services, broker, registry, PostgreSQL with its backends. */
const pidsOf = (platform: Platform): Map<string, number> =>
  new Map(
    [...SERVICES.map(({ name }) => name), 'kafka', 'postgres', 'registry'].map((name) => [name, platform.pidOf(name)]),
  );

async function measured<T>(platform: Platform, title: string, work: () => Promise<T>): Promise<T> {
  if (options.statements) await forgetStatements(platform);
  const from = readCpu(pidsOf(platform));
  const result = await work();
  const used = coresUsed(from, readCpu(pidsOf(platform)));
  say(`\n## ${title}`);
  say(
    `pipeline ${rounded(pipelineCores(used), 2)} cores: ${used.map(({ name, cores }) => `${name} ${rounded(cores, 2)}`).join(', ')}`,
  );
  if (options.statements) say(await slowestStatements(platform));
  return result;
}

function showMemory(platform: Platform): void {
  const held = SERVICES.map(({ name }) => ({ name, ...memory(platform.pidOf(name)) }));
  say(`resident MiB now (peak): ${held.map(({ name, now, peak }) => `${name} ${now} (${peak})`).join(', ')}`);
}

/** Counting reads whole tables: seldom, or it would be a large part of what is measured. */
const COUNT_EVERY_MS = 3_000;

/** Pairs of a decision and a system it concerns that the system has not applied, most of all systems. */
async function behind(platform: Platform, { told }: Load): Promise<number> {
  const applied = await appliedCounts(platform);
  return Math.max(...[...told].map(([system, count]) => count - (applied.get(system) ?? 0)));
}

async function allApplied(platform: Platform, source: Load, timeoutMs: number): Promise<void> {
  const end = performance.now() + timeoutMs;
  for (let left = await behind(platform, source); left > 0; left = await behind(platform, source)) {
    if (performance.now() > end) throw new Error(`The last system has ${left} decisions to apply`);
    await pause(COUNT_EVERY_MS);
  }
}

async function latencyStep(platform: Platform, source: Load, choices: readonly Choice[]): Promise<void> {
  const rate = 100;
  await source.prepare(rate * seconds);
  const since = Date.now();
  const sent = await measured(platform, `latency at ${rate} decisions/s, one request each, ${seconds} s`, () =>
    source.steady(rate, seconds, 1),
  );
  await allApplied(platform, source, 60_000);
  say(
    `committed → applied by the last it concerns, ms: ${JSON.stringify(await committedToApplied(platform, choices, since))}; failed ${sent.failed} ${sent.firstFailure}`,
  );
}

async function sustainedStep(platform: Platform, source: Load, choices: readonly Choice[]): Promise<void> {
  const { rate } = options;
  await source.prepare(rate * seconds + lines);
  const since = Date.now();
  const backlog: string[] = [];
  const sent = await measured(
    platform,
    `sustained ${rate} decisions/s in requests of ${lines}, ${seconds} s`,
    async () => {
      const started = performance.now();
      const going = source.steady(rate, seconds, lines);
      let ended = false;
      void going.finally(() => (ended = true));
      while (!ended) {
        await Promise.race([pause(10_000), going]);
        const elapsed = Math.min(seconds, (performance.now() - started) / 1000);
        backlog.push(`${Math.round(elapsed)} s: ${await behind(platform, source)}`);
      }
      return going;
    },
  );
  const ended = Date.now();
  say(
    `sent ${rounded(sent.perSecond, 0)}/s, failed ${sent.failed} ${sent.firstFailure}; not yet applied by the last system at ${backlog.join(', ')}`,
  );
  await allApplied(platform, source, 300_000);
  say(`all applied ${rounded(((await lastApplied(platform)) - ended) / 1000, 1)} s after the last request`);
  say(
    `committed → applied by the last it concerns, ms: ${JSON.stringify(await committedToApplied(platform, choices, since))}`,
  );
  showMemory(platform);
}

/** The relay's lock, taken by this process: a relay then stands by, and the outbox fills. */
const RELAY_LOCK = /LOCK_KEY = '(\d+)'/.exec(
  readFileSync(path.resolve(import.meta.dirname, '../../apps/consent-service/src/relay/leader-session.ts'), 'utf8'),
)?.[1];

async function drainStep(platform: Platform, source: Load): Promise<void> {
  const wanted = options.backlog;
  await source.prepare(wanted);
  const holder = new pg.Client({ connectionString: platform.databaseUrlOf('consent-service') });
  await holder.connect();
  await platform.signal('consent-service', 'SIGTERM');
  await holder.query('SELECT pg_advisory_lock($1::bigint)', [RELAY_LOCK]);
  while (platform.running('consent-service')) await pause(50);
  await platform.start('consent-service');
  const fill = performance.now();
  await Promise.all(
    Array.from({ length: 4 }, async () => {
      for (let sent = 0; sent < wanted / 4; sent += 500) await source.send(500);
    }),
  );
  say(
    `\n${wanted} decisions recorded in ${rounded((performance.now() - fill) / 1000, 1)} s with the relay standing by`,
  );
  await measured(platform, `drain of ${wanted} decisions, outbox → five systems`, async () => {
    const started = Date.now();
    await holder.end();
    await allApplied(platform, source, 600_000);
    say(`${rounded(wanted / (((await lastApplied(platform)) - started) / 1000), 0)} decisions/s`);
  });
  showMemory(platform);
}

/** More than five plain consumers save in the time. */
const PEER_DECISIONS = 50_000;

async function peerStep(platform: Platform, instance: Instance, source: Load): Promise<void> {
  for (let left = PEER_DECISIONS - Math.max(...source.told.values()); left > 0; left -= 500) {
    await source.prepare(500);
    await source.send(500);
  }
  await allApplied(platform, source, 300_000);
  const rates = await measured(
    platform,
    `the plain way: the topic read again by five consumers that save message by message, ${seconds} s; the services idle`,
    () => plainWay(instance, platform, seconds),
  );
  say(
    `decisions/s, MiB resident: ${rates.map(({ system, perSecond, resident }) => `${system} ${rounded(perSecond, 0)}, ${resident}`).join('; ')}`,
  );
}

await onFreshPlatform(
  async (platform, instance) => {
    await keepCommitTimes(platform, options.statements ? recordStatements : undefined);
    const choices = await choicesOf(platform.urlOf('consent-service'));
    const source = load(platform.urlOf('consent-service'), platform.tokens.channel, choices);
    const concerned = choices.reduce((sum, { systems }) => sum + systems.length, 0) / choices.length;
    say(`${choices.length} purposes, each of which concerns ${rounded(concerned)} systems in the mean.`);
    await source.prepare(2_000);
    await source.steady(100, 20, 1);
    for (const step of options.steps) {
      if (step === 'idle') {
        await pause(5_000);
        await measured(platform, 'idle, 30 s, heartbeats on', () => pause(30_000));
        showMemory(platform);
      } else if (step === 'latency') await latencyStep(platform, source, choices);
      else if (step === 'sustained') await sustainedStep(platform, source, choices);
      else if (step === 'drain') await drainStep(platform, source);
      else await peerStep(platform, instance, source);
    }
  },
  options.trueCatalogue
    ? {}
    : {
        CATALOGUE_DIR: path.join(import.meta.dirname, 'catalogue'),
        // Every purpose of the bench catalogue concerns all five systems, each of which treats it as one that it knows.
        STAND_IN_PURPOSES: path.join(import.meta.dirname, 'stand-ins.json'),
      },
);
