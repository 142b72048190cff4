// A large file of facts, some of them wrong: npm run bench:facts-file -- [--lines 1000000] [--bad-every 100] [--former-every 8]
import { rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import { type Platform } from '../stack/platform.ts';
import { consentctl } from './consentctl.ts';
import { writeFacts } from './facts-lines.ts';
import { asAdministrator, inDatabase, onFreshPlatform, rounded, say, secondsSince } from './fresh-platform.ts';
import { count } from './options.ts';
import { coresUsed, memory, readCpu } from './usage.ts';

const { values } = parseArgs({
  args: process.argv.slice(2),
  options: {
    lines: { type: 'string', default: '1000000' },
    'bad-every': { type: 'string', default: '100' },
    'former-every': { type: 'string' },
  },
});
const lines = count('lines', values.lines);
const badEvery = count('bad-every', values['bad-every']);
const former = values['former-every'];
const formerEvery = former === undefined ? 0 : count('former-every', former);

/**
 * The peer: PostgreSQL reads the same file into a table of one column, in one COPY. It checks nothing, keeps no version,
 * judges no permission and refuses no line: what reading and storing alone cost.
 */
async function plainCopy(platform: Platform, file: string): Promise<void> {
  await asAdministrator(platform, async (db) => {
    await db.query('CREATE TABLE plain_copy (line text)');
    const started = performance.now();
    await db.query(
      `COPY plain_copy FROM '${file.replaceAll("'", "''")}' WITH (FORMAT csv, DELIMITER E'\\x01', QUOTE E'\\x02')`,
    );
    const seconds = (performance.now() - started) / 1000;
    const { rows } = await db.query<{ n: string }>('SELECT count(*) AS n FROM plain_copy');
    say(
      `\n## peer: COPY of the same file into one text column, no check, no version, no permission\n${rows[0]?.n} lines in ${rounded(seconds)} s (${rounded(lines / seconds, 0)} lines/s)`,
    );
    await db.query('DROP TABLE plain_copy');
  });
}

/** Waits until the clocks have told of the former customers what has ended since: they run as soon as the first are loaded. */
async function endsTold(platform: Platform): Promise<void> {
  const loaded = performance.now();
  await inDatabase(platform.databaseUrlOf('consent-service'), async (db) => {
    const one = async (text: string): Promise<number> => Number((await db.query<{ n: string }>(text)).rows[0]?.n);
    while ((await one('SELECT count(*) AS n FROM subject WHERE due_at <= now()')) > 0) await pause(200);
    const [entries, people] = [
      await one(`SELECT count(*) AS n FROM ledger WHERE cause = 'clock'`),
      await one(`SELECT count(DISTINCT subject_id) AS n FROM ledger WHERE cause = 'clock'`),
    ];
    say(
      `ends of data told: ${entries} entries of ${people} former customers, the last ${secondsSince(loaded)} s after the file`,
    );
  });
}

await onFreshPlatform(async (platform, instance) => {
  const file = path.join(instance.dir, 'facts.ndjson');
  const rejects = `${file}.rejected.ndjson`;
  try {
    const writing = performance.now();
    const { subjects, bad } = await writeFacts(file, { lines, badEvery, formerEvery, brand: 'proximus' });
    say(
      `${lines} lines, ${bad} of them wrong, ${rounded(statSync(file).size / 2 ** 20)} MiB, written in ${secondsSince(writing)} s`,
    );
    await plainCopy(platform, file);

    const service = platform.pidOf('consent-service');
    const before = memory(service);
    const names = ['consent-service', 'postgres', 'propagation-monitor'];
    const pids = new Map(names.map((name) => [name, platform.pidOf(name)]));
    const from = readCpu(pids);
    const ended = await consentctl(platform, platform.tokens.channel, ['facts', 'load', file]);
    const used = coresUsed(from, readCpu(pids)).map(({ name, cores }) => `${name} ${rounded(cores, 2)}`);
    const after = memory(service);
    say(`\n## consentctl facts load, all through POST /v1/facts/batch`);
    say(
      `${rounded(ended.seconds)} s, ${rounded(lines / ended.seconds, 0)} lines/s; exit code ${ended.exitCode} (expected ${bad > 0 ? 1 : 0}) ${ended.exitCode > 1 ? ended.error : ''}`,
    );
    const { loaded, rejected, changes } = ended.report;
    say(
      `loaded ${String(loaded)} of ${subjects.length}, rejected ${String(rejected)} of ${bad}, permissions changed ${String(changes)}`,
    );
    const kept = await inDatabase(
      platform.databaseUrlOf('consent-service'),
      async (db) =>
        (await db.query<{ n: string }>('SELECT count(DISTINCT subject_id) AS n FROM facts_version')).rows[0],
    );
    say(`people with facts in the database: ${kept?.n ?? 'unknown'}`);
    say(
      `resident MiB: consentctl ${ended.peak} at its peak; consent-service ${before.now} before, ${after.now} after, ${after.peak} at its peak`,
    );
    say(`cores: ${used.join(', ')}`);
    if (formerEvery > 0) await endsTold(platform);
  } finally {
    rmSync(file, { force: true });
    rmSync(rejects, { force: true });
  }
});
