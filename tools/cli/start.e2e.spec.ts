import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { until } from '@consent/testing';
import { execa } from 'execa';
import { ROOT } from '../stack/instance.ts';
import { freePort } from '../stack/process/choose-port.ts';
import { stillRuns } from '../stack/process/pid-file.ts';
import { SERVICES } from '../stack/services/service-table.ts';
import { type SpecLauncher, specLauncher } from './spec-launcher.ts';

jest.setTimeout(300_000);

const EVERYTHING = ['kafka', 'launcher', 'postgres', 'registry', ...SERVICES.map(({ name }) => name)].sort();

/** The README's minute with the API, as one would paste it; an answer that is no success ends it. */
async function followReadme(said: string): Promise<void> {
  const readme = readFileSync(path.join(ROOT, 'README.md'), 'utf8');
  const minute = /## The API in one minute\n.*?```sh\n(.*?)```/s.exec(readme)?.[1] ?? '';
  const exports = said.match(/^ {2}export .*$/gm) ?? [];
  const strict = 'set -eu\ncurl() { command curl --fail-with-body -sS "$@"; echo; }';
  const script = [strict, ...exports, minute].join('\n');
  const { all } = await execa('bash', ['-c', script], { all: true, cwd: ROOT, env: { NODE_OPTIONS: '' } });
  expect(all).toMatch(/"direction":"closing".*"allowed":false.*directory-listing .*"schema":/s);
}

describe('npm start', () => {
  let launcher: SpecLauncher;
  const names = (): string[] =>
    launcher
      .running('main')
      .map(({ name }) => name)
      .sort();

  beforeAll(async () => {
    launcher = await specLauncher();
  });
  afterAll(() => launcher.remove());

  it('feeds people and shows every system; killed, it is cleared away by the next start, which has its ports again and which Ctrl-C ends without a trace', async () => {
    const asked = { KAFKA_PORT: String(await freePort()) };
    const first = launcher.start(['start', '--subjects', '20'], asked);
    await first.said(/20 people .*all fed/);
    for (const { name, honoursDecisions } of SERVICES)
      if (honoursDecisions) expect(first.text()).toContain(`│ ${name}`);
    expect(names()).toEqual(EVERYTHING);
    const left = launcher.running('main');
    // The whole group at once, so that nobody is left to clear up.
    process.kill(-(first.child.pid as number), 'SIGKILL');
    await until('the launcher is gone', () => !names().includes('launcher'));
    expect(names()).toEqual(EVERYTHING.filter((name) => name !== 'launcher'));

    const second = launcher.start(['start', '--no-traffic'], asked);
    await second.said(/No demonstration traffic/);
    expect(second.text()).toContain(`✔ Kafka on 127.0.0.1:${asked.KAFKA_PORT}`);
    expect(second.text()).toMatch(/Stopped what an earlier run left: .*kafka/);
    expect(left.filter((record) => stillRuns(record))).toEqual([]);
    expect(names()).toEqual(EVERYTHING);
    await followReadme(second.text());
    process.kill(-(second.child.pid as number), 'SIGINT');
    expect(await second.ended).toBe(0);
    expect(names()).toEqual([]);
  });

  it('leaves no process when npm alone is told to end', async () => {
    const run = launcher.npm('start', '--subjects', '20');
    await run.said(/20 people .*all fed/);
    run.child.kill('SIGINT');
    expect(await run.ended).toBe(0);
    expect(names()).toEqual([]);
  });

  it('stops everything when nobody reads what it says any more, as when its terminal is closed', async () => {
    const run = launcher.start(['start', '--no-traffic']);
    await run.said(/No demonstration traffic/);
    run.child.stdout?.destroy();
    run.child.stderr?.destroy();
    expect(await run.ended).toBe(0);
    expect(names()).toEqual([]);
  });

  it('says that a broker was killed, and where its log is; Ctrl-C still ends everything', async () => {
    const run = launcher.start(['start', '--no-traffic']);
    await run.said(/No demonstration traffic/);
    process.kill(launcher.running('main').find(({ name }) => name === 'kafka')?.pid as number, 'SIGKILL');
    await run.said(/^kafka was ended by SIGKILL; it is not started again: see .*kafka\.log$/m);
    process.kill(-(run.child.pid as number), 'SIGINT');
    expect(await run.ended).toBe(0);
    expect(names()).toEqual([]);
  });

  it('runs beside another one of the checkout under a name of its own', async () => {
    const runs = { main: launcher.start(['start']), other: launcher.start(['start', '--name', 'other']) };
    for (const [instance, run] of Object.entries(runs)) {
      await run.said(/❯ Kafka$/m);
      await until(`Kafka of ${instance} runs`, () => launcher.running(instance).some(({ name }) => name === 'kafka'), {
        timeoutMs: 60_000,
      });
    }
    for (const [instance, { child, ended }] of Object.entries(runs)) {
      process.kill(-(child.pid as number), 'SIGINT');
      expect(await ended).toBe(0);
      expect(launcher.running(instance)).toEqual([]);
    }
  });

  it('calls nothing broken that Ctrl-C has stopped during the set-up', async () => {
    const run = launcher.start(['start', '--no-traffic']);
    await run.said(/❯ Kafka$/m);
    await until('Kafka runs', () => names().includes('kafka'), { timeoutMs: 60_000 });
    process.kill(-(run.child.pid as number), 'SIGINT');
    expect(await run.ended).toBe(0);
    expect(run.text()).toContain('Stopping …');
    expect(run.text()).not.toMatch(/✖|FAILED/);
    expect(names()).toEqual([]);
  });

  it('stops what it has started when a later step fails, and says in one line what failed', async () => {
    const folder = mkdtempSync(path.join(os.tmpdir(), 'catalogue-'));
    writeFileSync(path.join(folder, 'catalogue.yaml'), 'no catalogue');
    const run = launcher.start(['start'], { CATALOGUE_DIR: folder });
    expect(await run.ended).toBe(1);
    rmSync(folder, { recursive: true });
    expect(run.text()).toMatch(/^consent-service exited with code \d+ before it was ready$/m);
    expect(run.text()).toMatch(/✔ Kafka on/);
    expect(names()).toEqual([]);
  });

  it('refuses a busy port that was asked for before it starts anything, in one line that says how to mend it', async () => {
    const busy = createServer();
    const port = await new Promise<number>((resolve) =>
      busy.listen(0, '127.0.0.1', () => resolve((busy.address() as { port: number }).port)),
    );
    const run = launcher.start(['start'], { GROUP_SHARING_PORT: String(port) });
    expect(await run.ended).toBe(1);
    busy.close();
    expect(run.text()).toBe(
      `ports: Port ${port}, asked for group-sharing by GROUP_SHARING_PORT, is busy; free it, choose another one, or unset GROUP_SHARING_PORT\n`,
    );
  });

  it.each([
    [
      { KAFKA_TOPIC_PREFIX: 'my env' },
      'settings: KAFKA_TOPIC_PREFIX is "my env"; expected at most 100 letters, digits, dots, dashes and underscores\n',
    ],
    [
      { KAFKA_PORT: 'abc' },
      'ports: KAFKA_PORT is "abc", which is not a port; expected a whole number from 1 to 65535\n',
    ],
  ])('ends with exit code 78 and one line about a variable that holds what it cannot: %j', async (env, line) => {
    const run = launcher.start(['start'], env);
    expect(await run.ended).toBe(78);
    expect(run.text()).toBe(line);
  });

  it.each([
    ['the process above it', () => launcher.start(['start', '--no-traffic'])],
    ['npm', () => launcher.npm('start', '--no-traffic')],
  ])('stops everything when only %s is killed', async (_, started) => {
    const run = started();
    await run.said(/✔ PostgreSQL on/);
    const before = launcher.running('main');
    run.child.kill('SIGKILL');
    await run.ended;
    await until('every process has ended', () => !before.some((record) => stillRuns(record)), { timeoutMs: 60_000 });
    expect(names()).toEqual([]);
  });
});
