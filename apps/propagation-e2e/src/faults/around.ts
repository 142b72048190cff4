import { expect, it } from '@jest/globals';
import { SYSTEMS, topics } from '@consent/events';
import { createProducer, partitionOf } from '@consent/kafka';
import { until } from '@consent/testing';
import { readTopic } from '../checker/read-topic.js';
import { PURPOSES } from '../traffic.js';
import { type FaultRun, SLOW, subjectOn } from './fault-run.js';

const names = topics();

/** A monitor that dies, and a record that nobody can read. */
export function faultsAround(run: () => FaultRun): void {
  it(
    'a killed monitor comes back with everything it knew and everything it missed',
    async () => {
      const { world, client, answerOf } = run();
      const person = await client.person();
      const before = await client.decide(person, 'ads-data-targeted-advertising', true);
      const stateOf = async (decisionId: string): Promise<string | undefined> => {
        const answer = await fetch(`${world.platform.urlOf('propagation-monitor')}/v1/decisions/${decisionId}`);
        const seen = (await answer.json()) as { systems?: { state: string }[] };
        return seen.systems?.[0]?.state;
      };
      await until('it knows the first', async () => (await stateOf(before.decisionId)) === 'applied', {
        timeoutMs: 30_000,
      });
      await world.kill('propagation-monitor');
      await expect(stateOf(before.decisionId)).rejects.toThrow();
      const missed = await client.decide(person, 'ads-data-targeted-advertising', false);
      // Only then has it missed the answer too.
      await answerOf('ads-data-export', missed.decisionId);
      await world.platform.start('propagation-monitor');
      expect(await stateOf(before.decisionId)).toBe('applied');
      await until('it learns what it missed', async () => (await stateOf(missed.decisionId)) === 'applied', {
        timeoutMs: 30_000,
      });
    },
    SLOW,
  );

  it(
    'poison in the middle of a batch delays nobody else, and the monitor shows it parked in every system',
    async () => {
      const { world, client, poisoned, statesOf } = run();
      const shown = async (): Promise<{ systemId: string; parked: number; word: string }[]> =>
        (await fetch(`${world.platform.urlOf('propagation-monitor')}/v1/systems`)).json() as Promise<
          { systemId: string; parked: number; word: string }[]
        >;
      const before = new Map((await shown()).map(({ systemId, parked }) => [systemId, parked]));
      const person = await client.person();
      const key = subjectOn(partitionOf(person.subjectId));
      poisoned.add(key);
      const producer = createProducer(world.kafka);
      await producer.send([{ topic: names.decisions, key, value: Buffer.from('not a decision') }]);
      await producer.close();
      for (const purposeId of PURPOSES) await client.decide(person, purposeId, !person.yes.get(purposeId));
      await until(
        'every system applies what comes behind it in its partition',
        async () =>
          (await Promise.all(SYSTEMS.map((systemId) => statesOf(systemId, person)))).every(({ length }) => length > 0),
        { timeoutMs: 40_000, everyMs: 200 },
      );
      const deadLetters = async (): Promise<number> =>
        (await readTopic(world.kafka, names.deadLetters)).filter((record) => record.key?.toString() === key).length;
      await until('every system has parked it', async () => (await deadLetters()) >= SYSTEMS.length, {
        timeoutMs: 40_000,
        everyMs: 300,
      });
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
}
