import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { aDecision, someFacts, specApp, type SpecApp } from '../spec-app.js';

describe('what is not UTF-8', () => {
  let app: SpecApp;
  beforeAll(async () => {
    app = await specApp();
  }, 30_000);
  afterAll(async () => {
    await app.close();
  });

  it.each([
    ['/v1/decisions/batch', () => aDecision(), 201],
    ['/v1/facts/batch', () => ({ subjectId: randomUUID(), ...someFacts() }), 200],
  ])('is refused in NDJSON for %s with its line, and the others go on', async (path, line, done) => {
    const [first, last] = [JSON.stringify(line()), JSON.stringify(line())];
    const raw = Buffer.concat([
      Buffer.from(`${first}\n\n{"a":"é`),
      Buffer.from([0xff, 0xfe]),
      Buffer.from(`"}\n${last}\n`),
    ]);
    const headers = { 'content-type': 'application/x-ndjson' };
    const { status, text } = await app.call('POST', path, { raw, headers });
    expect(status).toBe(200);
    expect(
      text
        .trim()
        .split('\n')
        .map((answer) => JSON.parse(answer) as object),
    ).toMatchObject([
      { line: 1, status: done },
      {
        line: 3,
        status: 400,
        problem: {
          type: 'urn:consent:problem:malformed-json',
          detail: 'line 3: byte 9 is not UTF-8 (0xff); expected one JSON object in UTF-8',
        },
      },
      { line: 4, status: done },
    ]);
  });

  it('is named as such in JSON', async () => {
    const raw = Buffer.from('{"a":"\xff\xfe"}', 'latin1');
    for (const path of ['/v1/decisions', '/v1/decisions/batch', '/v1/bundles'])
      expect(await app.call('POST', path, { raw })).toMatchObject({
        status: 400,
        body: {
          type: 'urn:consent:problem:malformed-json',
          detail: 'byte 7 is not UTF-8 (0xff); expected a JSON document in UTF-8',
        },
      });
  });
});
