import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aDecision, someFacts, specApp, type SpecApp } from '../spec-app.js';

interface Line {
  line: number;
  status: number;
  decision?: { decisionId: string; version: number; subjectId: string; permission: { allowed: boolean } };
  problem?: { type: string; errors?: { path: string }[] };
}

const START_MS = 30_000;

describe('recording many', () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  }, START_MS);
  afterAll(() => app.close());

  const ndjson = (text: string) =>
    app.call<string>('POST', '/v1/decisions/batch', { raw: text, headers: { 'content-type': 'application/x-ndjson' } });
  const linesOf = (text: string): Line[] =>
    text
      .trim()
      .split('\n')
      .map((line) => JSON.parse(line) as Line);

  it(
    'answers each of 1,000 lines; the bad ones hold no good one back',
    async () => {
      const subjects = Array.from({ length: 50 }, () => randomUUID());
      const facts = subjects.map((subjectId) => ({ subjectId, ...someFacts() }));
      expect((await app.call('POST', '/v1/facts/batch', { body: facts })).status).toBe(200);
      const bad: Record<number, string> = {
        0: '{"unfinished":',
        10: 'null',
        20: JSON.stringify(aDecision({ status: 'maybe' })),
        30: JSON.stringify({ ...aDecision(), surprise: 1 }),
        40: JSON.stringify(aDecision({ purposeId: 'unheard-of' })),
        50: JSON.stringify(aDecision({ subjectId: 'me', scope: { level: 'person', id: 'me' } })),
        60: JSON.stringify(aDecision({ decidedAt: '24/11/2026' })),
        70: `{"__proto__": {"subjectId": "x"}, "constructor": {"prototype": {}}}`,
      };
      const text = Array.from({ length: 1_000 }, (_, i) => {
        const subjectId = subjects[i % subjects.length] ?? '';
        return bad[i] ?? JSON.stringify(aDecision({ subjectId, status: i % 3 ? 'given' : 'withdrawn' }));
      }).join('\n');
      const answer = await ndjson(text);
      expect(answer.status).toBe(200);
      const lines = linesOf(answer.text);
      expect(lines.map(({ line }) => line)).toEqual(Array.from({ length: 1_000 }, (_, i) => i + 1));
      const refused = lines.filter(({ status }) => status !== 201);
      expect(refused.map(({ line }) => line - 1)).toEqual(Object.keys(bad).map(Number));
      expect(refused.every(({ problem }) => problem?.type.startsWith('urn:consent:problem:'))).toBe(true);

      const { rows } = await app.sql.query<{ subject_id: string; versions: number[] }>(
        `SELECT subject_id, array_agg(version::int ORDER BY position) AS versions FROM ledger GROUP BY subject_id`,
      );
      expect(rows).toHaveLength(50);
      for (const { versions } of rows) expect(versions).toEqual(versions.map((_, i) => i + 1));
    },
    START_MS,
  );

  it('sees, line by line, what the lines before did to the same subject', async () => {
    const subjectId = randomUUID();
    await app.call('PUT', `/v1/subjects/${subjectId}/facts`, { body: someFacts() });
    const at = (minute: number) => `2026-05-01T10:0${minute}:00Z`;
    const { body } = await app.call<Line[]>('POST', '/v1/decisions/batch', {
      body: [
        aDecision({ subjectId, status: 'given', decidedAt: at(1) }),
        aDecision({ subjectId, status: 'withdrawn', decidedAt: at(3) }),
        aDecision({ subjectId, status: 'given', decidedAt: at(2) }),
        aDecision({ subjectId, status: 'given', decidedAt: at(4) }),
      ],
    });
    expect(body.map(({ decision }) => [decision?.version, decision?.permission.allowed])).toEqual([
      // After four entries of the facts.
      [5, true],
      [6, false],
      // The seventh entry closes the newsletter for customers with it (C42).
      [8, false],
      [9, true],
    ]);
    const { rows } = await app.sql.query(
      `SELECT version::int, allowed FROM current_state WHERE subject_id = $1 AND purpose_id = 'prospect-newsletter'`,
      [subjectId],
    );
    expect(rows).toEqual([{ version: 9, allowed: true }]);
  });

  it('answers an echo within the batch with the line that was recorded', async () => {
    const subjectId = randomUUID();
    const line = aDecision({ subjectId, origin: { system: 'shop', eventId: randomUUID() } });
    const { body } = await app.call<Line[]>('POST', '/v1/decisions/batch', { body: [line, line] });
    expect(body.map(({ status }) => status)).toEqual([201, 200]);
    expect(body[1]?.decision).toEqual(body[0]?.decision);
  });

  it(
    'lets batches over the same subjects, in any order, run at once without losing a line',
    async () => {
      const subjects = Array.from({ length: 60 }, () => randomUUID());
      const batch = (order: readonly string[]) =>
        app.call<Line[]>('POST', '/v1/decisions/batch', { body: order.map((subjectId) => aDecision({ subjectId })) });
      const answers = await Promise.all([
        batch(subjects),
        batch(subjects.toReversed()),
        batch(subjects.toSorted()),
        batch([...subjects.slice(30), ...subjects.slice(0, 30)]),
      ]);
      expect(answers.flatMap(({ body }) => body.map(({ status }) => status))).toEqual(Array(240).fill(201));
      const { rows } = await app.sql.query(
        'SELECT FROM ledger WHERE subject_id = ANY ($1) GROUP BY subject_id HAVING count(*) = 4 AND max(version) = 4',
        [subjects],
      );
      expect(rows).toHaveLength(60);
    },
    START_MS,
  );

  it.each([
    ['no line', '[]', 422, 'batch-size'],
    ['1,001 lines', JSON.stringify(Array(1_001).fill({})), 422, 'batch-size'],
    ['an object', '{}', 422, 'invalid-input'],
  ])('refuses a batch of %s as a whole', async (_, raw, status, slug) => {
    const answer = await app.call('POST', '/v1/decisions/batch', { raw });
    expect(answer).toMatchObject({ status, body: { type: `urn:consent:problem:${slug}` } });
  });
});
