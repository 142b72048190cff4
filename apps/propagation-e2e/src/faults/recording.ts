import { expect, it } from '@jest/globals';
import { SYSTEMS } from '@consent/events';
import { until } from '@consent/testing';
import { hold } from '../hold.js';
import { type FaultRun, SLOW } from './fault-run.js';

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
      const person = await client.person();
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
      const person = await client.person();
      await world.kill('kafka');
      const { decisionId } = await client.decide(person, 'directory-contact-listing', true);
      await moreAccepted(40);
      const waiting = (): Promise<{ all: number; first: number }> =>
        world.asAdministrator('consent-service', async (db) => {
          const { rows } = await db.query<{ all: number; first: number }>(
            `SELECT count(*)::int AS all, (count(*) FILTER (WHERE subject_id = $1))::int AS first
             FROM outbox WHERE kind = 'decision'`,
            [person.subjectId],
          );
          return rows[0] ?? { all: 0, first: 0 };
        });
      const { all, first } = await waiting();
      expect([all > 40, first]).toEqual([true, 1]);
      await world.platform.start('kafka');
      await until('what waited is published', async () => (await waiting()).first === 0, {
        timeoutMs: 40_000,
        everyMs: 200,
      });
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
