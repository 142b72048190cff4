import { expect, it } from '@jest/globals';
import { SYSTEMS } from '@consent/events';
import { until } from '@consent/testing';
import { hold } from '../hold.js';
import { type Person } from '../traffic.js';
import { type World } from '../world.js';
import { type FaultRun, SLOW } from './fault-run.js';

interface Waiting {
  all: number;
  ofSubject: number;
}

/** Decisions in the outbox. */
const waiting = (world: World, subjectId: string): Promise<Waiting> =>
  world.asAdministrator('consent-service', async (db) => {
    const { rows } = await db.query<Waiting>(
      `SELECT count(*)::int AS all, (count(*) FILTER (WHERE subject_id = $1))::int AS "ofSubject"
       FROM outbox WHERE kind = 'decision'`,
      [subjectId],
    );
    return rows[0] ?? { all: 0, ofSubject: 0 };
  });

const nothingWaits = (world: World, subjectId: string): Promise<true> =>
  until('what waited is published', async () => (await waiting(world, subjectId)).ofSubject === 0, {
    timeoutMs: 40_000,
    everyMs: 200,
  });

/** Somebody new, of whom all that the facts close by themselves has left the outbox. */
async function personPublished({ world, client }: FaultRun): Promise<Person> {
  const person = await client.person();
  await nothingWaits(world, person.subjectId);
  return person;
}

/** Faults of what records and publishes: consent-service, its relay, and the servers. */
export function recordingFaults(run: () => FaultRun): void {
  it(
    'a killed consent-service loses nothing it accepted, and clients that ask again get their answer',
    async () => {
      const { world, client, moreAccepted } = run();
      await moreAccepted();
      const before = client.sentAgain;
      await world.kill('consent-service');
      await until('a request went unanswered', () => client.sentAgain > before);
      await world.platform.start('consent-service');
      await moreAccepted();
    },
    SLOW,
  );

  it(
    'a relay killed between the confirmation of the broker and the delete publishes twice, and nothing minds',
    async () => {
      const { world, client, timesPublished } = run();
      const person = await personPublished(run());
      const { decisionId } = await world.asAdministrator('consent-service', async (db) => {
        const held = await hold(db, { table: 'outbox', event: 'DELETE', subjectId: person.subjectId });
        const sent = await client.decide(person, 'directory-contact-listing', true);
        await held.caught();
        await world.kill('consent-service');
        await held.release();
        return sent;
      });
      expect(await timesPublished(decisionId)).toBe(1);
      await world.platform.start('consent-service');
      await until('it is published again', async () => (await timesPublished(decisionId)) === 2, {
        timeoutMs: 30_000,
        everyMs: 200,
      });
    },
    SLOW,
  );

  it(
    'a killed broker stops no recording, and what was recorded meanwhile arrives',
    async () => {
      const { world, client, moreAccepted, timesPublished } = run();
      const person = await personPublished(run());
      await world.kill('kafka');
      const { decisionId } = await client.decide(person, 'directory-contact-listing', true);
      await moreAccepted(40);
      const { all, ofSubject } = await waiting(world, person.subjectId);
      expect([all > 40, ofSubject]).toEqual([true, 1]);
      await world.platform.start('kafka');
      await nothingWaits(world, person.subjectId);
      expect(await timesPublished(decisionId)).toBeGreaterThanOrEqual(1);
    },
    SLOW,
  );

  it(
    'a killed PostgreSQL is survived by every process, and decisions go on',
    async () => {
      const { world, client, moreAccepted } = run();
      const before = client.sentAgain;
      await world.kill('postgres');
      await until('a request was refused', () => client.sentAgain > before);
      await world.platform.start('postgres');
      await moreAccepted();
      for (const name of ['consent-service', ...SYSTEMS, 'propagation-monitor'])
        expect([name, world.platform.running(name)]).toEqual([name, true]);
    },
    SLOW,
  );
}
