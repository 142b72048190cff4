import { expect, it } from '@jest/globals';
import { PARTITIONS } from '@consent/events';
import { until } from '@consent/testing';
import { hold } from '../hold.js';
import { type World } from '../world.js';
import { type FaultRun, SLOW, subjectOn } from './fault-run.js';

const HALF = PARTITIONS / 2;
const PATIENT = { timeoutMs: 40_000, everyMs: 200 };

/** Faults of the systems that honour decisions. */
export function systemFaults(run: () => FaultRun): void {
  it(
    'a system killed in the middle of a chunk applies it again, once',
    async () => {
      const { world, client, acknowledgementsOf, answerOf, readsOnAt, statesOf } = run();
      const person = await client.person();
      await client.decide(person, 'ads-data-targeted-advertising', true);
      await until('it is exported', async () => (await statesOf('ads-data-export', person))[0]?.allowed, PATIENT);
      await deliver(world, 'web-and-app', 'ads-and-data');
      const { decisionId } = await world.asAdministrator('ads-data-export', async (db) => {
        // Written after the effects of the chunk have run.
        const held = await hold(db, { table: 'decision_state', event: 'UPDATE', subjectId: person.subjectId });
        const sent = await client.decide(person, 'ads-data-targeted-advertising', false);
        await held.caught();
        await world.kill('ads-data-export');
        await held.release();
        return sent;
      });
      const answers = async (): Promise<unknown[]> =>
        (await acknowledgementsOf('ads-data-export')).filter((answer) => answer.decisionId === decisionId);
      expect([await revocations(world, decisionId), await answers()]).toEqual([0, []]);
      const readsOn = await readsOnAt('ads-data-export', person);
      await world.platform.start('ads-data-export');
      const { source, effects } = await answerOf('ads-data-export', decisionId);
      // It had been read before the kill, and was read again from where the group stood.
      expect(source.offset).toBeGreaterThanOrEqual(readsOn);
      expect(effects).toEqual(
        expect.arrayContaining([
          { effect: 'export memberships ended', count: 1 },
          { effect: 'recipients to be told to drop the record', count: 1 },
        ]),
      );
      expect(await revocations(world, decisionId)).toBe(1);
    },
    SLOW,
  );

  it(
    'a system frozen past its session timeout is taken over by its replica, and does no harm when it wakes',
    async () => {
      const { world, client, moreAccepted, partitionsOf, statesOf } = run();
      const people = await Promise.all(
        Array.from({ length: PARTITIONS }, (_, partition) => client.person(subjectOn(partition))),
      );
      const replica = await world.platform.startReplica('group-sharing');
      try {
        const held = (): number[] => ['group-sharing', 'group-sharing-2'].map(partitionsOf);
        await until('they share the partitions', () => held().join() === `${HALF},${HALF}`, PATIENT);
        await freezeBetweenTransactions(world, 'group-sharing');
        for (const person of people) await client.decide(person, 'group-affiliate-phone-marketing', false);
        await until(
          'the replica applies the decisions of every partition',
          async () =>
            (await Promise.all(people.map((person) => statesOf('group-sharing', person)))).every(
              ({ length }) => length > 0,
            ),
          PATIENT,
        );
        expect(held()).toEqual([HALF, PARTITIONS]);
        await world.observe();
      } finally {
        if (world.platform.running('group-sharing')) await world.platform.signal('group-sharing', 'SIGCONT');
        await replica.stop();
      }
      if (!world.platform.running('group-sharing')) {
        world.history.write({ kind: 'killed', systemId: 'group-sharing' });
        await world.platform.start('group-sharing');
      }
      await moreAccepted();
    },
    SLOW,
  );

  it(
    'a system whose database was put back to an older state seeks back and catches up',
    async () => {
      const { world, client, answerOf, statesOf } = run();
      const database = new URL(world.platform.databaseUrlOf('pickx-ad-targeting')).pathname.slice(1);
      const restores = (): number => world.logOf('pickx-ad-targeting').split('Reading again (restored)').length - 1;
      const before = restores();
      await world.kill('pickx-ad-targeting');
      const disconnect = `SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname IN ('${database}', '${database}_old') AND pid <> pg_backend_pid()`;
      await world.asAdministrator('consent-service', async (db) => {
        await db.query(disconnect);
        await db.query(`DROP DATABASE IF EXISTS ${database}_old`);
        await db.query(`CREATE DATABASE ${database}_old TEMPLATE ${database} OWNER ${database}_owner`);
      });
      await world.platform.start('pickx-ad-targeting');
      const person = await client.person();
      const { decisionId } = await client.decide(person, 'pickx-personalised-tv-ads', true);
      await answerOf('pickx-ad-targeting', decisionId);
      // Asked to stop, it commits its offset: the database is then behind Kafka for certain.
      await world.platform.signal('pickx-ad-targeting', 'SIGTERM');
      await until('it has stopped', () => !world.platform.running('pickx-ad-targeting'), { timeoutMs: 20_000 });
      await world.asAdministrator('consent-service', async (db) => {
        await db.query(disconnect);
        await db.query(`DROP DATABASE ${database}`);
        await db.query(`ALTER DATABASE ${database}_old RENAME TO ${database}`);
      });
      world.history.write({ kind: 'restored', systemId: 'pickx-ad-targeting' });
      expect(await statesOf('pickx-ad-targeting', person)).toEqual([]);
      await world.platform.start('pickx-ad-targeting');
      await until(
        'the lost decision is applied again',
        async () => (await statesOf('pickx-ad-targeting', person)).length > 0,
        PATIENT,
      );
      expect(restores()).toBeGreaterThan(before);
    },
    SLOW,
  );

  it(
    'grant, withdraw, grant while a system is down: it ends granted, and the withdrawal has had its effect',
    async () => {
      const { world, client, answerOf, statesOf, timesPublished } = run();
      const person = await client.person();
      const first = await client.decide(person, 'ads-data-targeted-advertising', true);
      await until(
        'the first grant is applied',
        async () => (await statesOf('ads-data-export', person)).length,
        PATIENT,
      );
      await world.kill('ads-data-export');
      const withdrawn = await client.decide(person, 'ads-data-targeted-advertising', false);
      const granted = await client.decide(person, 'ads-data-targeted-advertising', true);
      await until('both wait for it', async () => (await timesPublished(granted.decisionId)) > 0, PATIENT);
      expect(await statesOf('ads-data-export', person)).toMatchObject([{ version: first.version, allowed: true }]);
      await world.platform.start('ads-data-export');
      await until(
        'the newest is applied',
        async () => (await statesOf('ads-data-export', person))[0]?.version === granted.version,
        PATIENT,
      );
      expect(await statesOf('ads-data-export', person)).toMatchObject([{ allowed: true }]);
      expect(await answerOf('ads-data-export', withdrawn.decisionId)).toMatchObject({
        outcome: 'superseded',
        effects: [{ effect: 'export memberships ended', count: 1 }],
      });
    },
    SLOW,
  );
}

/** A transaction that is frozen keeps its locks for a minute, and its replica waiting: another matter than who reads. */
async function freezeBetweenTransactions(world: World, systemId: string): Promise<void> {
  await world.asAdministrator(systemId, (db) =>
    until('it is frozen between transactions', async () => {
      await world.platform.signal(systemId, 'SIGSTOP');
      const { rows } = await db.query(
        `SELECT FROM pg_stat_activity WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()`,
      );
      if (rows.length > 0) await world.platform.signal(systemId, 'SIGCONT');
      return rows.length === 0;
    }),
  );
}

/** Has ads-data-export deliver a stream, so that there is something to revoke. */
async function deliver({ platform }: World, stream: string, recipient: string): Promise<void> {
  const answer = await fetch(`${platform.urlOf('ads-data-export')}/v1/deliveries`, {
    method: 'POST',
    headers: { authorization: `Bearer ${platform.tokens.ops}`, 'content-type': 'application/json' },
    body: JSON.stringify({ stream, recipient }),
  });
  expect(answer.status).toBe(201);
}

const revocations = (world: World, decisionId: string): Promise<number> =>
  world.asAdministrator(
    'ads-data-export',
    async (db) => (await db.query('SELECT FROM revocation WHERE decision_id = $1', [decisionId])).rows.length,
  );
