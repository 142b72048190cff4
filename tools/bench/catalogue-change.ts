// A change of the catalogue for many people: npm run bench:catalogue-change -- [--subjects 100000] [--rate 20]
import { randomUUID } from 'node:crypto';
import { rmSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Platform } from '../stack/platform.ts';
import { CHANGED, withoutScarlet } from './catalogue-edit.ts';
import { choicesOf } from './choices.ts';
import { consentctl } from './consentctl.ts';
import { writeFacts } from './facts-lines.ts';
import { inDatabase, keepCommitTimes, onFreshPlatform, rounded, say, secondsSince } from './fresh-platform.ts';
import { committedToApplied } from './latency.ts';
import { load, type Load } from './load.ts';
import { oneUpdate } from './one-update.ts';
import { count } from './options.ts';
import { memory } from './usage.ts';

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: { subjects: { type: 'string', default: '100000' }, rate: { type: 'string', default: '20' } },
});
const subjects = count('subjects', values.subjects);
const rate = count('rate', values.rate);
const LOOK_EVERY_MS = 200;
/** Live decisions alone, before the change. */
const QUIET_SECONDS = 15;
/** People for the live decisions: enough for so long at the rate. */
const LIVE_SECONDS = 1_800;
/** The system that the changed purpose concerns. */
const CONCERNED = 'marketing-segmentation';

interface Change {
  changeId: string;
  state: 'planning' | 'planned' | 'refused' | 'running' | 'recorded' | 'done';
  subjects: number;
  planHash: string | null;
  planned: Record<string, { closing: number }>;
}

/** Asks until it is answered: the service may be away. */
async function ask(platform: Platform, way: string, body?: object): Promise<Change> {
  for (;;) {
    try {
      const answer = await fetch(`${platform.urlOf('consent-service')}/v1/catalogue/changes${way}`, {
        method: body === undefined ? 'GET' : 'POST',
        headers: {
          authorization: `Bearer ${platform.tokens.operator}`,
          ...(body !== undefined && { 'content-type': 'application/json', 'idempotency-key': randomUUID() }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      });
      if (answer.ok) return (await answer.json()) as Change;
      if (body !== undefined)
        throw new Error(`${way} answers ${answer.status}: ${(await answer.text()).slice(0, 400)}`);
    } catch (error) {
      if (body !== undefined) throw error;
    }
    await pause(LOOK_EVERY_MS);
  }
}

async function until(platform: Platform, changeId: string, holds: (change: Change) => boolean): Promise<Change> {
  for (;;) {
    const change = await ask(platform, `/${changeId}`);
    if (holds(change)) return change;
    await pause(LOOK_EVERY_MS);
  }
}

async function appliedBySystem(platform: Platform, wanted: number): Promise<void> {
  await inDatabase(platform.databaseUrlOf(CONCERNED), async (db) => {
    for (let applied = 0; applied < wanted; await pause(1_000)) {
      const { rows } = await db.query<{ n: string }>('SELECT count(*) AS n FROM decision_state WHERE purpose_id = $1', [
        CHANGED,
      ]);
      applied = Number(rows[0]?.n);
    }
  });
}

interface Interruption {
  /** Epoch ms. */
  killedAt: number;
  backAt: number;
  text: string;
}

/** Kills the service in the middle of the run and starts it again. */
async function interrupt(platform: Platform, changeId: string): Promise<Interruption> {
  const { subjects: seen } = await until(
    platform,
    changeId,
    ({ subjects: looked, state }) => looked >= subjects / 2 || state !== 'running',
  );
  const killedAt = Date.now();
  await platform.signal('consent-service', 'SIGKILL');
  await platform.start('consent-service');
  const backAt = Date.now();
  const { state, subjects: since } = await ask(platform, `/${changeId}`);
  const text = `killed (SIGKILL) after ${seen} people, ready again ${rounded((backAt - killedAt) / 1000)} s later, found ${state} at ${since}`;
  return { killedAt, backAt, text };
}

/** Live decisions for as long as the work takes. Returns what became of them, in words. */
async function live(source: Load, work: () => Promise<unknown>): Promise<string> {
  let isOver = false;
  const over = work().finally(() => (isOver = true));
  let [sent, failed] = [0, 0];
  while (!isOver) {
    const portion = await source.steady(rate, 1, 1);
    sent += portion.sent;
    failed += portion.failed;
  }
  await over;
  // The last of them are on their way.
  await pause(5_000);
  return `${sent} live decisions sent, ${failed} without an answer`;
}

async function prepare(platform: Platform, dir: string): Promise<void> {
  const file = path.join(dir, 'people.ndjson');
  try {
    await writeFacts(file, { lines: subjects, badEvery: 0, brand: 'scarlet' });
    const { exitCode, seconds, error } = await consentctl(platform, platform.tokens.channel, ['facts', 'load', file]);
    if (exitCode !== 0) throw new Error(`consentctl facts load ended with ${exitCode}: ${error}`);
    say(`${subjects} people, all concerned, loaded in ${rounded(seconds)} s`);
  } finally {
    rmSync(file, { force: true });
    rmSync(`${file}.rejected.ndjson`, { force: true });
  }
}

await onFreshPlatform(async (platform, instance) => {
  await keepCommitTimes(platform);
  await oneUpdate(platform, subjects, rate);
  await prepare(platform, instance.dir);
  const choices = (await choicesOf(platform.urlOf('consent-service'))).filter(({ purposeId }) => purposeId !== CHANGED);
  const source = load(platform.urlOf('consent-service'), platform.tokens.channel, choices);
  await source.prepare(rate * LIVE_SECONDS);
  const latency = async (from: number, to?: number): Promise<string> =>
    JSON.stringify(await committedToApplied(platform, choices, from, to));
  const quiet = Date.now();
  say(`\n## before the change, ${rate} decisions/s for ${QUIET_SECONDS} s`);
  say(await live(source, () => pause(QUIET_SECONDS * 1000)));
  say(`committed → applied by the last it concerns, ms: ${await latency(quiet)}`);

  const planning = performance.now();
  const { changeId } = await ask(platform, '', { files: withoutScarlet() });
  const plan = await until(platform, changeId, ({ state }) => state !== 'planning');
  say(
    `\n## plan\n${plan.subjects} people looked at in ${secondsSince(planning)} s: ${plan.state}, closes for ${plan.planned[CHANGED]?.closing ?? 0}`,
  );

  say(`\n## run, interrupted, with ${rate} live decisions/s`);
  const running = performance.now();
  const begun = Date.now();
  let broken: Interruption = { killedAt: begun, backAt: begun, text: '' };
  const told = await live(source, async () => {
    await ask(platform, `/${changeId}/apply`, { planHash: plan.planHash });
    say(`in force after ${secondsSince(running)} s`);
    broken = await interrupt(platform, changeId);
    say(broken.text);
    await until(platform, changeId, ({ state }) => state !== 'running');
    say(`recorded after ${secondsSince(running)} s`);
    await until(platform, changeId, ({ state }) => state === 'done');
    say(`published after ${secondsSince(running)} s`);
    await appliedBySystem(platform, subjects);
    say(`applied by ${CONCERNED} after ${secondsSince(running)} s`);
  });
  say(`${told}: those of the time in which the service was away`);
  say(
    `committed → applied by the last it concerns, ms, until 2 s before it was killed: ${await latency(begun, broken.killedAt - 2_000)}`,
  );
  say(`the same since it was ready again: ${await latency(broken.backAt)}`);
  say(`the same, all: ${await latency(begun)}`);
  const entries = await inDatabase(
    platform.databaseUrlOf('consent-service'),
    async (db) =>
      (
        await db.query<{ n: string; people: string }>(
          `SELECT count(*) AS n, count(DISTINCT subject_id) AS people FROM ledger WHERE cause = 'catalogue'`,
        )
      ).rows[0],
  );
  const { now, peak } = memory(platform.pidOf('consent-service'));
  say(
    `entries of the change in the ledger: ${entries?.n}, of ${entries?.people} people (expected ${subjects} of ${subjects})`,
  );
  say(`consent-service, resident MiB since it was started again: ${now} now, ${peak} at its peak`);
});
