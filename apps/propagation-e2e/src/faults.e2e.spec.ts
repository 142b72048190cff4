import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import {
  acknowledgementFormat,
  decisionFormat,
  type PropagationAcknowledgement,
  SYSTEMS,
  topics,
  type WireFormat,
} from '@consent/events';
import { createProducer, RecordReader, SchemaRegistry } from '@consent/kafka';
import { until } from '@consent/testing';
import { type Evidence } from './checker/evidence.js';
import { judge } from './checker/judge.js';
import { readEffectiveState, readLedger } from './checker/read-databases.js';
import { readTopic, recordsAbout } from './checker/read-topic.js';
import { hold } from './hold.js';
import { type Person } from './traffic.js';
import { startWorld, type World } from './world.js';

const names = topics();
const SLOW = 90_000;

let world: World;
let people: Person[];
let stopDeciding: () => Promise<void>;
/** Keys of records that were put on the topic past the ledger, as poison. */
const poisoned = new Set<string>();

beforeAll(async () => {
  world = await startWorld();
  people = await Promise.all(Array.from({ length: 40 }, () => world.client.person()));
  stopDeciding = world.client.keepDeciding(people);
}, 240_000);

/** A fault that one test could not undo must not spoil the next. */
beforeEach(async () => {
  for (const name of ['postgres', 'kafka', 'consent-service', ...SYSTEMS, 'propagation-monitor'])
    if (!world.platform.running(name)) await world.platform.start(name);
}, 60_000);

afterAll(async () => {
  await stopDeciding?.().catch(() => undefined);
  // Others use the same servers after this.
  for (const name of ['postgres', 'kafka'])
    if (world && !world.platform.running(name)) await world.platform.start(name);
  await world?.stop();
}, 60_000);

/** More decisions are accepted from now on: the pipeline takes them, or takes them again. */
async function moreAccepted(count = 40): Promise<void> {
  const from = world.client.accepted;
  if (world.client.failure) throw world.client.failure;
  await until(`${count} more decisions accepted`, () => world.client.accepted >= from + count, { timeoutMs: 30_000 });
}

describe('While decisions flow', () => {
  it(
    'a killed consent-service loses nothing it accepted, and clients that ask again get their answer',
    async () => {
      await moreAccepted();
      const before = world.client.sentAgain;
      await world.platform.signal('consent-service', 'SIGKILL');
      await until('a request went unanswered', () => world.client.sentAgain > before);
      await world.platform.start('consent-service');
      await moreAccepted();
    },
    SLOW,
  );

  it(
    'a relay killed between the confirmation of the broker and the delete publishes twice, and nothing minds',
    async () => {
      // The delete that is caught may have had nothing to delete: then the fault has not bitten, and is tried again.
      let mostOften = 1;
      for (let attempt = 0; attempt < 4 && mostOften < 2; attempt++) {
        const person = await world.client.person();
        const decided = await world.asAdministrator('consent-service', async (db) => {
          const held = await hold(db, 'outbox', 'DELETE');
          await held.caught();
          const sent = await world.client.decide(person, 'directory-contact-listing', true);
          await world.platform.signal('consent-service', 'SIGKILL');
          const waiting = await db.query('SELECT position FROM outbox WHERE subject_id = $1', [person.subjectId]);
          expect(waiting.rows).toHaveLength(1);
          await held.release();
          return sent;
        });
        await world.platform.start('consent-service');
        await until(
          'it is on the topic',
          async () => (await recordsAbout(decided.decisionId, world.kafka, names.decisions)).length >= 1,
        );
        const perDecision = new Map<string, number>();
        for (const { decisionId } of await decoded(names.decisions, decisionFormat()))
          perDecision.set(decisionId, (perDecision.get(decisionId) ?? 0) + 1);
        mostOften = Math.max(...perDecision.values());
      }
      expect(mostOften).toBeGreaterThanOrEqual(2);
    },
    SLOW,
  );

  it(
    'a system killed in the middle of a chunk applies it again, once',
    async () => {
      await world.asAdministrator('directory-listing', async (db) => {
        const held = await hold(db, 'decision_state', 'INSERT');
        await held.caught();
        await world.platform.signal('directory-listing', 'SIGKILL');
        await held.release();
      });
      expect(world.platform.running('directory-listing')).toBe(false);
      await world.platform.start('directory-listing');
      await moreAccepted();
    },
    SLOW,
  );

  it(
    'a killed broker stops no recording, and what was recorded meanwhile arrives',
    async () => {
      await world.platform.signal('kafka', 'SIGKILL');
      await moreAccepted();
      const waiting = await world.asAdministrator('consent-service', (db) =>
        db.query("SELECT 1 FROM outbox WHERE kind = 'decision' LIMIT 1"),
      );
      expect(waiting.rows).toHaveLength(1);
      await world.platform.start('kafka');
      await until(
        'the outbox empties',
        () =>
          world.asAdministrator('consent-service', async (db) => {
            const { rows } = await db.query<{ age: number | null }>(
              "SELECT extract(epoch FROM clock_timestamp() - min(created_at))::float8 AS age FROM outbox WHERE kind = 'decision'",
            );
            return (rows[0]?.age ?? 0) < 2;
          }),
        { timeoutMs: 40_000, everyMs: 200 },
      );
    },
    SLOW,
  );

  it(
    'a killed PostgreSQL is survived by every process, and decisions go on',
    async () => {
      const before = world.client.sentAgain;
      await world.platform.signal('postgres', 'SIGKILL');
      await until('a request was refused', () => world.client.sentAgain > before);
      await world.platform.start('postgres');
      await moreAccepted();
      for (const name of ['consent-service', ...SYSTEMS, 'propagation-monitor'])
        expect([name, world.platform.running(name)]).toEqual([name, true]);
    },
    SLOW,
  );

  it(
    'a killed monitor comes back with everything it knew and everything it missed',
    async () => {
      const person = await world.client.person();
      const before = await world.client.decide(person, 'ads-data-targeted-advertising', true);
      const stateOf = async (decisionId: string): Promise<string | undefined> => {
        const answer = await fetch(`${world.platform.urlOf('propagation-monitor')}/v1/decisions/${decisionId}`);
        const seen = (await answer.json()) as { systems?: { state: string }[] };
        return seen.systems?.[0]?.state;
      };
      await until('it knows the first', async () => (await stateOf(before.decisionId)) === 'applied', {
        timeoutMs: 30_000,
      });
      await world.platform.signal('propagation-monitor', 'SIGKILL');
      const missed = await world.client.decide(person, 'ads-data-targeted-advertising', false);
      await world.platform.start('propagation-monitor');
      expect(await stateOf(before.decisionId)).toBe('applied');
      await until('it learns what it missed', async () => (await stateOf(missed.decisionId)) === 'applied', {
        timeoutMs: 30_000,
      });
    },
    SLOW,
  );

  it(
    'a system frozen past its session timeout is taken over by its replica, and does no harm when it wakes',
    async () => {
      const replica = await world.platform.startReplica('group-sharing');
      try {
        await world.platform.signal('group-sharing', 'SIGSTOP');
        const person = await world.client.person();
        await world.client.decide(person, 'group-affiliate-phone-marketing', false);
        await until(
          'the replica applies it',
          async () =>
            (await readEffectiveState(world.platform.databaseUrlOf('group-sharing'))).some(({ triple }) =>
              triple.startsWith(person.subjectId),
            ),
          { timeoutMs: 40_000, everyMs: 200 },
        );
        await world.observe();
      } finally {
        if (world.platform.running('group-sharing')) await world.platform.signal('group-sharing', 'SIGCONT');
        await replica.stop();
      }
      if (!world.platform.running('group-sharing')) await world.platform.start('group-sharing');
      await moreAccepted();
    },
    SLOW,
  );

  it(
    'a system whose database was put back to an older state seeks back and catches up',
    async () => {
      const database = new URL(world.platform.databaseUrlOf('pickx-ad-targeting')).pathname.slice(1);
      const restores = (): number => world.logOf('pickx-ad-targeting').split('Reading again (restored)').length - 1;
      const before = restores();
      await world.platform.signal('pickx-ad-targeting', 'SIGKILL');
      const disconnect = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN ('${database}', '${database}_old') AND pid <> pg_backend_pid()`;
      await world.asAdministrator('consent-service', async (db) => {
        await db.query(disconnect);
        await db.query(`DROP DATABASE IF EXISTS ${database}_old`);
        await db.query(`CREATE DATABASE ${database}_old TEMPLATE ${database} OWNER ${database}_owner`);
      });
      await world.platform.start('pickx-ad-targeting');
      const person = await world.client.person();
      const decided = await world.client.decide(person, 'pickx-personalised-tv-ads', true);
      const acknowledged = async (): Promise<boolean> =>
        (await readTopic(world.kafka, names.acknowledgements('pickx-ad-targeting'))).some((record) =>
          record.value?.includes(decided.decisionId),
        );
      await until('it is acknowledged', acknowledged, { timeoutMs: 40_000, everyMs: 300 });
      // Asked to stop, it commits its offset: the database is then behind Kafka for certain.
      await world.platform.signal('pickx-ad-targeting', 'SIGTERM');
      await until('it has stopped', () => !world.platform.running('pickx-ad-targeting'), { timeoutMs: 20_000 });
      await world.asAdministrator('consent-service', async (db) => {
        await db.query(disconnect);
        await db.query(`DROP DATABASE ${database}`);
        await db.query(`ALTER DATABASE ${database}_old RENAME TO ${database}`);
      });
      world.history.write({ kind: 'restored', systemId: 'pickx-ad-targeting' });
      const states = await readEffectiveState(world.platform.databaseUrlOf('pickx-ad-targeting'));
      expect(states.some(({ triple }) => triple.startsWith(person.subjectId))).toBe(false);
      await world.platform.start('pickx-ad-targeting');
      await until(
        'the lost decision is applied again',
        async () =>
          (await readEffectiveState(world.platform.databaseUrlOf('pickx-ad-targeting'))).some(({ triple }) =>
            triple.startsWith(person.subjectId),
          ),
        { timeoutMs: 40_000, everyMs: 200 },
      );
      expect(restores()).toBeGreaterThan(before);
    },
    SLOW,
  );

  it(
    'grant, withdraw, grant while a system is down: it ends granted, and the withdrawal has had its effect',
    async () => {
      const person = await world.client.person();
      await world.client.decide(person, 'ads-data-targeted-advertising', true);
      await until(
        'the first grant is applied',
        async () =>
          (await readEffectiveState(world.platform.databaseUrlOf('ads-data-export'))).some(
            ({ triple, allowed }) => triple.startsWith(person.subjectId) && allowed,
          ),
        { timeoutMs: 30_000, everyMs: 200 },
      );
      await world.platform.signal('ads-data-export', 'SIGKILL');
      const withdrawn = await world.client.decide(person, 'ads-data-targeted-advertising', false);
      const granted = await world.client.decide(person, 'ads-data-targeted-advertising', true);
      await world.platform.start('ads-data-export');
      await until(
        'the newest is applied',
        async () =>
          (await readEffectiveState(world.platform.databaseUrlOf('ads-data-export'))).some(
            ({ triple, version }) => triple.startsWith(person.subjectId) && version === granted.version,
          ),
        { timeoutMs: 30_000, everyMs: 200 },
      );
      const ofWithdrawal = await until('the withdrawal is acknowledged', async () =>
        (await acknowledgementsOf('ads-data-export')).find((a) => a.decisionId === withdrawn.decisionId),
      );
      expect(ofWithdrawal.effects.length).toBeGreaterThan(0);
    },
    SLOW,
  );

  it(
    'poison in the middle of a batch delays nobody else, and the monitor shows it parked in every system',
    async () => {
      const shown = async (): Promise<{ systemId: string; parked: number; word: string }[]> =>
        (await fetch(`${world.platform.urlOf('propagation-monitor')}/v1/systems`)).json() as Promise<
          { systemId: string; parked: number; word: string }[]
        >;
      const before = new Map((await shown()).map(({ systemId, parked }) => [systemId, parked]));
      const key = randomUUID();
      poisoned.add(key);
      const producer = createProducer(world.kafka);
      await producer.send([{ topic: names.decisions, key, value: Buffer.from('not a decision') }]);
      await producer.close();
      const deadLetters = async (): Promise<number> =>
        (await readTopic(world.kafka, names.deadLetters)).filter((record) => record.key?.toString() === key).length;
      await until('every system has parked it', async () => (await deadLetters()) >= SYSTEMS.length, {
        timeoutMs: 40_000,
        everyMs: 300,
      });
      await moreAccepted();
      await until(
        'the monitor says so',
        async () =>
          (await shown()).every(
            ({ systemId, parked, word }) => parked > (before.get(systemId) ?? Infinity) && word === 'behind',
          ),
        { timeoutMs: 30_000, everyMs: 300 },
      );
    },
    SLOW,
  );
});

/** Every record that this run has put on the topic, decoded, but poison. */
async function decoded<T>(topic: string, format: WireFormat<T>): Promise<T[]> {
  const reader = new RecordReader(format, new SchemaRegistry({ url: world.platform.servers.registryUrl }));
  const isOthers = (key: string): boolean => poisoned.has(key) || world.earlier.has(key);
  const values = (await readTopic(world.kafka, topic)).flatMap(({ key, value }) =>
    isOthers(key?.toString() ?? '') ? [] : [value],
  );
  await reader.prepare(values);
  return values.map((value) => reader.decodeNow(value));
}

const acknowledgementsOf = (systemId: string): Promise<PropagationAcknowledgement[]> =>
  decoded(names.acknowledgements(systemId), acknowledgementFormat());

describe('Afterwards', () => {
  it('every accepted decision is in the ledger, on the topic, in every system it concerns and acknowledged; nothing ever went back', async () => {
    await world.observe();
    await stopDeciding();
    await world.settled();
    await world.observe();
    const evidence: Evidence = {
      history: world.history.read(),
      ledger: (await readLedger(world.platform.databaseUrlOf('consent-service'))).filter(
        ({ subjectId }) => !world.earlier.has(subjectId),
      ),
      decisions: await decoded(names.decisions, decisionFormat()),
      acknowledgements: (await Promise.all(SYSTEMS.map(acknowledgementsOf))).flat(),
      effectiveStates: new Map(
        await Promise.all(
          SYSTEMS.map(async (id) => [id, await readEffectiveState(world.platform.databaseUrlOf(id))] as const),
        ),
      ),
    };
    expect(evidence.ledger.length).toBeGreaterThan(500);
    expect(judge(evidence)).toEqual([]);
  }, 180_000);
});
