import { createHash, randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  applyAnyway,
  type Doors,
  holdBack,
  openDoors,
  systemDatabase,
  type SystemDatabase,
} from '@consent/decision-consumer/kit';
import { withTransaction } from '@consent/postgres';
import { FeedApi, takeFeeds } from './feed-api.js';
import { handler } from './handler.js';
import { migrations } from './migrations.js';
import { ReadApi } from './read-api.js';
import { decision } from './spec-decision.js';
import { SUPPLIER_TOKENS } from './supplier-guard.js';

describe('the doors of directory-listing', () => {
  let db: SystemDatabase;
  let doors: Doors;
  beforeAll(async () => {
    db = await systemDatabase(migrations);
    doors = await openDoors(db.dataSource, {
      controllers: [ReadApi, FeedApi],
      providers: [
        { provide: SUPPLIER_TOKENS, useValue: { 'other-operator': createHash('sha256').update(TOKEN).digest('hex') } },
      ],
      setup: takeFeeds,
    });
  });
  afterAll(async () => {
    await doors?.close();
    await db?.drop();
  });

  const feed = (supplier: string, lines: object | string | Buffer, headers: Record<string, string> = {}) =>
    doors.post(`/v1/feeds/${supplier}`, lines, { authorization: `Bearer ${TOKEN}`, ...headers });
  const decide = ({ subjectId, lineId }: Line, direction: 'opening' | 'closing', version: number) =>
    withTransaction(db.dataSource, (tx) =>
      applyAnyway(tx, handler(), [
        decision('directory-contact-listing', direction, { subjectId, scopeId: lineId, version }),
      ]),
    );

  it('shows a line that is held back as not listed, with the word for it', async () => {
    const line = aLine();
    await decide(line, 'opening', 1);
    const listings = async () => (await doors.get(`/v1/subjects/${line.subjectId}/listings`)).body;
    expect(await listings()).toMatchObject([{ listed: true, heldBack: false }]);
    await holdBack(db.dataSource, line.subjectId);
    expect(await listings()).toMatchObject([{ listed: false, heldBack: true, closedByFeed: false, version: 1 }]);
  });

  it('answers that a withdrawn line stays unlisted, shows the attempt, and hands nothing over', async () => {
    const line = aLine();
    await decide(line, 'opening', 1);
    await decide(line, 'closing', 2);
    const said = says(line, true);
    expect(await feed('other-operator', [said])).toEqual({
      status: 200,
      body: [{ line: 1, outcome: 'resurrection_blocked' }],
    });
    expect((await doors.get(`/v1/subjects/${line.subjectId}/listings`)).body).toMatchObject([
      { listed: false, version: 2 },
    ]);
    expect((await doors.get(`/v1/subjects/${line.subjectId}/feed-events`)).body).toMatchObject([
      { supplier: 'other-operator', sourceEventId: said.sourceEventId, outcome: 'resurrection_blocked', version: 2 },
    ]);
    const handedOver = await doors.post('/v1/hand-overs');
    expect(handedOver.status).toBe(201);
    const page = await doors.get(`/v1/hand-overs/${String(handedOver.body['handOverId'])}`);
    expect(JSON.stringify(page.body)).not.toContain(line.lineId);
  });

  it('answers each line of NDJSON, the good ones whatever the bad ones are', async () => {
    const lines = [
      JSON.stringify(says(aLine(), true)),
      '',
      '{',
      JSON.stringify({ ...says(aLine(), false), name: 'x' }),
      JSON.stringify(says(aLine(), true)).replace('"listable":true', '"listable":false,"listable":true'),
    ];
    const { status, body } = await feed('other-operator', lines.join('\n'), { 'content-type': 'application/x-ndjson' });
    expect(status).toBe(200);
    expect(body).toMatchObject([
      { line: 1, outcome: 'no_grant' },
      { line: 3, problem: { type: 'urn:consent:problem:malformed-json' } },
      { line: 4, problem: { type: 'urn:consent:problem:invalid-input', errors: [{ path: 'name' }] } },
      { line: 5, problem: { type: 'urn:consent:problem:repeated-key', errors: [{ path: 'listable' }] } },
    ]);
  });

  it('tells bytes of NDJSON that are not UTF-8 with their line, and passes over a byte order mark', async () => {
    const raw = Buffer.concat([
      Buffer.from(`\ufeff${JSON.stringify(says(aLine(), true))}\n{"a":"`),
      Buffer.from([0xff]),
      Buffer.from(`"}\n${JSON.stringify(says(aLine(), true))}\n`),
    ]);
    const { body } = await feed('other-operator', raw, { 'content-type': 'application/x-ndjson' });
    expect(body).toMatchObject([
      { line: 1, outcome: 'no_grant' },
      {
        line: 2,
        problem: {
          type: 'urn:consent:problem:malformed-json',
          detail: 'line 2: byte 7 is not UTF-8 (0xff); expected one JSON object in UTF-8',
        },
      },
      { line: 3, outcome: 'no_grant' },
    ]);
  });

  it('takes NDJSON for feeds alone', async () => {
    const headers = { 'content-type': 'application/x-ndjson' };
    expect(await doors.post('/v1/hand-overs', '{}', headers)).toMatchObject({ status: 415 });
  });

  it('refuses a line that was listable in the far future, and takes a closing of then', async () => {
    const line = aLine();
    await decide(line, 'opening', 1);
    const asOf = '9999-12-31T00:00:00Z';
    const { body } = await feed('other-operator', [
      { ...says(aLine(), true), asOf },
      { ...says(line, false), asOf },
      { ...says(aLine(), true), asOf: new Date(Date.now() + 60_000).toISOString() },
    ]);
    expect(body).toMatchObject([
      {
        line: 1,
        problem: {
          status: 422,
          errors: [{ path: 'asOf', message: 'found "9999-12-31T00:00:00Z"' }],
        },
      },
      { line: 2, outcome: 'closed' },
      { line: 3, outcome: 'no_grant' },
    ]);
  });

  it('answers each entry of an array, the good ones whatever the bad ones are', async () => {
    const good = JSON.stringify(says(aLine(), true));
    const twice = good.replace('"listable":true', '"listable":false,"listable":true');
    const { status, body } = await feed('other-operator', `[${good},${twice},${JSON.stringify({})}]`, {
      'content-type': 'application/json',
    });
    expect(status).toBe(200);
    expect(body).toMatchObject([
      { line: 1, outcome: 'no_grant' },
      { line: 2, problem: { type: 'urn:consent:problem:repeated-key', errors: [{ path: 'listable' }] } },
      { line: 3, problem: { type: 'urn:consent:problem:invalid-input' } },
    ]);
  });

  it('answers a line whose id is that of another statement with a problem, closes it all the same, and shows both', async () => {
    const line = aLine();
    await decide(line, 'opening', 1);
    const said = says(line, true);
    await feed('other-operator', [said]);
    const { status, body } = await feed('other-operator', [{ ...said, listable: false }]);
    expect(status).toBe(200);
    expect(body).toMatchObject([
      { line: 1, problem: { status: 409, type: 'urn:consent:problem:origin-recorded-otherwise' } },
    ]);
    expect((await doors.get(`/v1/subjects/${line.subjectId}/listings`)).body).toMatchObject([{ listed: false }]);
    expect((await doors.get(`/v1/subjects/${line.subjectId}/feed-events`)).body).toMatchObject([
      { outcome: 'already_listed' },
      { outcome: 'recorded_otherwise', listable: false },
    ]);
  });

  it('refuses a feed that is no list, an empty one and one that is too long, saying what is expected', async () => {
    for (const [body, type, detail] of [
      [{}, 'invalid-input', 'expected an array of 1 to 1000 entries, or application/x-ndjson'],
      [[], 'batch-size', 'Found 0 lines; expected 1 to 1000'],
      [Array(1_001).fill({}), 'batch-size', 'Found 1001 lines; expected 1 to 1000'],
    ] as const) {
      const answer = await feed('other-operator', body);
      expect(answer).toMatchObject({ status: 422, body: { type: `urn:consent:problem:${type}` } });
      expect(answer.body['detail']).toContain(detail);
    }
  });

  it('takes a feed only with the token of the supplier that it names', async () => {
    const line = aLine();
    for (const [supplier, token] of [
      ['other-operator', 'guessed'],
      ['third-operator', TOKEN],
      ['constructor', TOKEN],
    ] as const)
      expect(await feed(supplier, [says(line, true)], { authorization: `Bearer ${token}` })).toMatchObject({
        status: 401,
        body: { type: 'urn:consent:problem:unauthenticated' },
      });
    expect((await doors.get(`/v1/subjects/${line.subjectId}/feed-events`)).body).toEqual([]);
  });

  it('refuses a subject id that is none', async () => {
    expect(await doors.get('/v1/subjects/someone/listings')).toMatchObject({ status: 400 });
  });

  it('gives a hand-over page by page, and says of an unknown one that it is unknown', async () => {
    for (const line of [aLine(), aLine(), aLine()]) await decide(line, 'opening', 1);
    const { body: made } = await doors.post('/v1/hand-overs');
    const path = `/v1/hand-overs/${String(made['handOverId'])}?limit=1`;
    const first = await doors.get(path);
    expect(first.body).toMatchObject({ lines: [{ profession: false, version: 1 }] });
    const second = await doors.get(`${path}&after=${String(first.body['nextAfter'])}`);
    expect(second.body['lines']).not.toEqual(first.body['lines']);
    expect(await doors.get(`/v1/hand-overs/${randomUUID()}`)).toMatchObject({
      status: 404,
      body: { type: 'urn:consent:problem:hand-over-unknown' },
    });
  });

  it.each(['', 'Bearer guess'])(
    'refuses POST /v1/hand-overs with the authorization "%s" before it reads the body',
    async (given) => {
      expect(await doors.post('/v1/hand-overs', {}, { authorization: given })).toMatchObject({
        status: 401,
        body: { type: 'urn:consent:problem:unauthenticated' },
      });
    },
  );
});

const TOKEN = 'token-of-the-other-operator';

interface Line {
  subjectId: string;
  lineId: string;
}
const aLine = (): Line => ({ subjectId: randomUUID(), lineId: randomUUID() });
const says = (line: Line, listable: boolean) => ({
  ...line,
  listable,
  sourceEventId: randomUUID(),
  asOf: '2026-11-24T09:30:00Z',
});
