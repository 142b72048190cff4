import { randomUUID } from 'node:crypto';
import { SYSTEMS } from '@consent/events';
import { type TestDatabase, testDatabase, type TestTopics, testTopics, until } from '@consent/testing';
import { afterAll, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { type DecisionView } from './http/pair-view.js';
import { migrations } from './migrations.js';
import { METRICS } from './names.js';
import { type MonitorProcess, startMonitorProcess } from './spec/monitor-process.js';
import { answerTo, heartbeat, someDecision, speaker, type Speaker } from './spec/wire.js';
import { type SystemStatus } from './status/system-status.js';

const DEAD = 'ads-data-export';
const MINUTE = 60_000;

jest.setTimeout(60_000);

describe('the monitor as a process', () => {
  let db: TestDatabase;
  let topics: TestTopics;
  let voice: Speaker;
  let monitor: MonitorProcess;
  const start = (): Promise<MonitorProcess> =>
    startMonitorProcess({
      DATABASE_URL: db.appUrl,
      KAFKA_TOPIC_PREFIX: topics.prefix,
      MONITOR_GATHER_MS: '50',
      MONITOR_SILENT_AFTER_MS: '1000',
    });
  const systems = async (): Promise<Map<string, SystemStatus>> => {
    const { body } = await monitor.get('/v1/systems');
    return new Map((body as SystemStatus[]).map((system) => [system.systemId, system]));
  };

  beforeAll(async () => {
    db = await testDatabase({ migrations });
    topics = await testTopics();
    voice = await speaker(topics);
    monitor = await start();
  }, 2 * MINUTE);
  afterAll(async () => {
    if (monitor.child.exitCode === null && monitor.child.signalCode === null) await monitor.kill('SIGKILL');
    await voice.close();
    await topics.drop();
    await db.drop();
  }, MINUTE);

  it('answers health, metrics and problems like every service', async () => {
    await until('ready', async () => (await monitor.get('/readyz')).status === 200, { timeoutMs: MINUTE });
    expect((await monitor.get('/livez')).status).toBe(200);
    expect((await monitor.get('/startupz')).status).toBe(200);
    expect((await monitor.get(`/v1/decisions/${randomUUID()}`)).body).toMatchObject({
      type: 'urn:consent:problem:unknown-decision',
      status: 404,
    });
    expect(await monitor.get('/v1/decisions/7')).toMatchObject({ status: 400, body: { in: 'path' } });
    expect((await monitor.get('/v1/systems/none')).body).toMatchObject({ type: 'urn:consent:problem:unknown-system' });
    expect(await monitor.get('/v1/systems', { method: 'DELETE' })).toMatchObject({ status: 405 });
    expect(await monitor.get(`/v1/systems/${DEAD}/unacknowledged?limit=0&wrong=1`)).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'limit' }, { path: 'wrong' }] },
    });
    expect(await monitor.get(`/v1/subjects/${randomUUID()}?before=0x10`)).toMatchObject({
      status: 400,
      body: { errors: [{ path: 'before', message: 'found "0x10"' }] },
    });
  });

  it(
    'loses and doubles nothing when killed in the middle, and counts on',
    async () => {
      const decisions = Array.from({ length: 3_000 }, () => someDecision());
      const [first, rest] = [decisions.slice(0, 1_000), decisions.slice(1_000)];
      const speak = async (part: typeof decisions): Promise<void> => {
        await voice.decide(part);
        await voice.answer(
          part.flatMap((decision) => SYSTEMS.filter((s) => s !== DEAD).map((system) => answerTo(decision, system))),
        );
      };
      await speak(first);
      await until('some are stored', async () => ((await systems()).get('group-sharing')?.applied ?? 0) > 0, {
        timeoutMs: MINUTE,
      });
      const speaking = speak(rest);
      expect(await monitor.kill('SIGKILL')).toBe('SIGKILL');
      await speaking;
      monitor = await start();
      await until(
        'every pair is counted',
        async () => [...(await systems()).values()].filter(({ applied }) => applied === decisions.length).length === 4,
        { timeoutMs: MINUTE },
      );
      expect((await systems()).get(DEAD)).toMatchObject({ applied: 0, pending: decisions.length });
    },
    3 * MINUTE,
  );

  it('pages through what a system has not acknowledged, oldest first', async () => {
    const path = `/v1/systems/${DEAD}/unacknowledged?limit=1000`;
    const found: string[] = [];
    for (let page = (await monitor.get(path)).body as string[]; page.length > 0;) {
      found.push(...page);
      page = (await monitor.get(`${path}&after=${page.at(-1)}`)).body as string[];
    }
    expect(new Set(found).size).toBe(3_000);
    expect(found).toHaveLength(3_000);
    const { body } = await monitor.get(`/v1/systems/${DEAD}/open-pairs?limit=2`);
    expect(body).toMatchObject([{ decisionId: found[0], state: 'pending', direction: 'closing' }, {}]);
  });

  it(
    'says that a dead system is silent while the others are in step, and shows its age rising',
    async () => {
      let last = Promise.resolve();
      const beating = setInterval(() => void (last = last.then(beat)), 300);
      const beat = async (): Promise<void> => {
        const one = heartbeat(5);
        await voice.decide([one]);
        const ranges = await topics.admin.partitionRanges(topics.topics.decisions);
        const offset = (ranges.find(({ partition }) => partition === 5)?.high ?? 0) - 1;
        const source = { topic: topics.topics.decisions, partition: 5, offset };
        await voice.answer(SYSTEMS.filter((s) => s !== DEAD).map((system) => answerTo(one, system, { source })));
      };
      try {
        await until('a heartbeat is answered', async () => (await systems()).get('group-sharing')?.heartbeat.lastAt);
        await until('silent', async () => (await systems()).get(DEAD)?.word === 'silent', { timeoutMs: MINUTE });
        await until('in step', async () => (await systems()).get('group-sharing')?.word === 'in-step', {
          timeoutMs: MINUTE,
        });
        const before = (await systems()).get(DEAD)?.oldestUnacknowledgedAgeMs ?? Infinity;
        await until('older', async () => ((await systems()).get(DEAD)?.oldestUnacknowledgedAgeMs ?? 0) > before);
      } finally {
        clearInterval(beating);
        await last;
      }
    },
    3 * MINUTE,
  );

  it('shows every decision of a subject with every system’s answer', async () => {
    const subjectId = randomUUID();
    const versions = [1, 2, 3].map((version) => someDecision({ subjectId, version }, ['directory-listing']));
    await voice.decide(versions);
    const views = await until('all three', async () => {
      const { body } = await monitor.get(`/v1/subjects/${subjectId}`);
      return (body as DecisionView[]).length === 3 && (body as DecisionView[]);
    });
    expect(views && views.map(({ version, systems: pairs }) => [version, pairs[0]?.state])).toEqual([
      [3, 'pending'],
      [2, 'pending'],
      [1, 'pending'],
    ]);
    expect((await monitor.get(`/v1/subjects/${subjectId}?before=3&limit=1`)).body).toMatchObject([{ version: 2 }]);
  });

  it('parts no two decisions of one version by a page', async () => {
    const subjectId = randomUUID();
    await voice.decide([1, 2, 2].map((version) => someDecision({ subjectId, version }, ['directory-listing'])));
    const page = await until('both', async () => {
      const { body } = await monitor.get(`/v1/subjects/${subjectId}?limit=1`);
      return (body as DecisionView[]).length > 1 && (body as DecisionView[]);
    });
    expect(page && page.map(({ version }) => version)).toEqual([2, 2]);
  });

  it('serves every metric it documents, with its help', async () => {
    const { body } = await monitor.get('/metrics');
    // Of these nothing has happened here.
    const { word, ledgerAttested, ledgerMissing, ledgerMissingAge, ledgerUnrecorded } = METRICS;
    const absent: string[] = [word, ledgerAttested, ledgerMissing, ledgerMissingAge, ledgerUnrecorded].map(
      ({ name }) => name,
    );
    const help = String(body)
      .split('\n')
      .filter((line) => line.startsWith('# HELP consent_'));
    for (const { name, description } of Object.values(METRICS))
      if (!absent.includes(name)) expect(help).toContain(`# HELP ${name} ${description}`);
    expect(body).toContain('consent_pairs_open{system="ads-data-export",outcome="pending"} 3000');
    expect(body).toMatch(/^consent_monitor_unusable_records_total\{system="ads-data-export"\} 0$/m);
    expect(body).toMatch(
      /consent_propagation_lag_seconds_count\{system="group-sharing",direction="closing",lane="live"\} \d+/,
    );
    const labels = new Set(
      [...String(body).matchAll(/^consent_\w+\{([^}]*)\}/gm)].flatMap(([, all]) => labelNames(all)),
    );
    expect([...labels].sort()).toEqual(['direction', 'lane', 'le', 'outcome', 'system']);
  });

  it(
    'stores what it holds when told to stop, and exits with 0',
    async () => {
      const decision = someDecision();
      await voice.decide([decision]);
      await until('it is read', async () => (await systems()).get(DEAD)?.unread === 0);
      expect(await monitor.kill('SIGTERM')).toBe(0);
      await until('its last word has arrived', () => monitor.log().at(-1)?.includes('Shut down'));
    },
    MINUTE,
  );

  it(
    'does not start on a database that lacks its tables, and says what to run',
    async () => {
      const empty = await testDatabase({ migrations: [] });
      try {
        await expect(
          startMonitorProcess({ DATABASE_URL: empty.appUrl, KAFKA_TOPIC_PREFIX: topics.prefix }),
        ).rejects.toThrow('run the migrate job');
      } finally {
        await empty.drop();
      }
    },
    3 * MINUTE,
  );
});

const labelNames = (labels: string | undefined): string[] =>
  [...(labels ?? '').matchAll(/(\w+)="/g)].map(([, name]) => name ?? '');
