import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { ConsentDecisionSchema, decisionFormat, HEADERS } from '@consent/events';
import { registrySubjectOf } from '@consent/kafka';
import { testTopics, type TestTopics, until } from '@consent/testing';
import { decision } from './kit/decision.js';
import { CLUB } from './spec/club.js';
import { clubDatabase, type ClubDatabase } from './spec/club-database.js';
import { runClub, type RunningClub, wire, type Wire } from './spec/running-club.js';

const closing = (change: Parameters<typeof decision>[2] = {}) =>
  decision(CLUB, { purposeId: 'club', version: 1, subjectId: randomUUID(), closes: true }, change);

/** max.message.bytes, as a broker has it by default. */
const TOPIC_TAKES = 1_048_588;

describe('a system', () => {
  let topics: TestTopics;
  let db: ClubDatabase;
  let kafka: Wire;
  let club: RunningClub;

  beforeAll(async () => {
    [topics, db] = await Promise.all([testTopics([CLUB]), clubDatabase()]);
    kafka = await wire(topics);
    club = await runClub(topics, db.database.appUrl);
  }, 60_000);
  afterAll(async () => {
    await club.stop();
    await kafka.close();
    await Promise.all([topics.drop(), db.drop()]);
  }, 60_000);

  it.each([
    ['trace', HEADERS.traceparent],
    ['replay', HEADERS.replayId],
  ])('acknowledges a decision whose %s header is longer than its acknowledgement may be', async (_, header) => {
    const given = closing();
    const schemaId = await topics.registry.idOf(registrySubjectOf(topics.topics.decisions), ConsentDecisionSchema);
    const foreign = topics.kafka.producer();
    await foreign.connect();
    const value = decisionFormat().encode(schemaId, given);
    const overhead = value.length + 150;
    const headers = { [header]: 'f'.repeat(TOPIC_TAKES - overhead) };
    await foreign.send({ topic: topics.topics.decisions, messages: [{ key: given.subjectId, value, headers }] });
    await foreign.disconnect();
    await until('it is acknowledged', () =>
      kafka.acknowledgements.some(({ decisionId }) => decisionId === given.decisionId),
    );
    expect(club.crashed).toEqual([]);
  });

  it.each([
    ['purpose is longer than an index takes', closing({ purposeId: 'x'.repeat(5_000) }), {}],
    [
      'effect fails, with a header name that no jsonb holds',
      closing({ attributes: { fault: 'rule' } }),
      { 'a\0b': 'c' },
    ],
    ['attribute no text column takes', closing({ attributes: { fault: 'rule', note: 'a\0b' } }), { ['']: 'b' }],
  ])('parks, and goes on behind, a decision whose %s', async (_, given, headers) => {
    const next = closing();
    await kafka.publish([given, headers]);
    await until('it is parked', async () => {
      const sql = 'SELECT FROM parked_decision WHERE subject_id = $1';
      return (await db.rows(sql, [given.subjectId])).length === 1;
    });
    await kafka.publish(next);
    await until('the next is acknowledged', () =>
      kafka.acknowledgements.some(({ decisionId }) => decisionId === next.decisionId),
    );
    expect(club.crashed).toEqual([]);
  });
});
