import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readerOn } from '@consent/postgres';
import { createLogger } from '@consent/service-host';
import { until } from '@consent/testing';
import { readDue } from '../clocks/read-due.js';
import { ClockScheduler } from '../clocks/scheduler.js';
import { specClocks, type SpecClocks } from '../clocks/spec-clocks.js';
import { aDecision, type SpecApp, TOKENS } from '../spec-app.js';

const DAY = 86_400_000;
const PURPOSE = 'office-visitor-management';

interface Objection {
  objectionId: string;
  replyBy: string;
  receivedAt: string;
  promisedBy: string | null;
  overdue: boolean;
  recordedBy: string[];
  extension: object | null;
  closed: object | null;
}

describe('a reasoned objection', () => {
  let clocks: SpecClocks;
  let app: SpecApp;
  beforeAll(async () => {
    clocks = await specClocks();
    app = clocks.app;
  }, 30_000);
  afterAll(() => clocks.close());

  /** As a customer who has a visit behind them: the purpose is open until someone objects. */
  const submitted = async (over: Record<string, unknown> = {}, token: string = TOKENS.web) => {
    const subjectId = await clocks.subject({ roles: ['customer', 'prospect'] });
    const body = aDecision({ subjectId, purposeId: PURPOSE, status: 'objection_submitted', ...over });
    const made = await app.call<{ decisionId: string }>('POST', '/v1/decisions', { body, token });
    expect({ status: made.status, text: made.text }).toMatchObject({ status: 201 });
    return { subjectId, id: made.body.decisionId };
  };
  const read = async (id: string): Promise<Objection> =>
    (await app.call<Objection>('GET', `/v1/objections/${id}`)).body;
  const post = (id: string, what: string, body: object, token: string = TOKENS.office) =>
    app.call<Record<string, unknown>>('POST', `/v1/objections/${id}/${what}`, { body, token });
  const state = async (subjectId: string) => {
    const { body } = await app.call<{
      states: { purposeId: string; status: string; permission: { allowed: boolean; reason: string } }[];
    }>('GET', `/v1/subjects/${subjectId}`);
    return body.states.find(({ purposeId }) => purposeId === PURPOSE);
  };

  it('restricts processing while it is assessed, and waits for an answer within a month of its receipt (C28, C02)', async () => {
    const { subjectId, id } = await submitted();
    expect(await state(subjectId)).toMatchObject({
      status: 'objection_submitted',
      permission: { allowed: false, reason: 'objection_under_assessment' },
    });
    const objection = await read(id);
    expect(objection).toMatchObject({
      purposeId: PURPOSE,
      recordedBy: ['web'],
      promisedBy: null,
      overdue: false,
      closed: null,
    });
    const days = (Date.parse(objection.replyBy) - Date.parse(objection.receivedAt)) / DAY;
    expect(days).toBeGreaterThan(27.9);
    expect(days).toBeLessThan(31.1);
  });

  it('upheld by another caller is in force, as a decision with its ground', async () => {
    const { subjectId, id } = await submitted();
    const answer = await post(id, 'assessment', { outcome: 'upheld', ground: 'founded' });
    expect(answer).toMatchObject({ status: 201, body: { status: 'objected', direction: 'closing' } });
    expect(await state(subjectId)).toMatchObject({ status: 'objected', permission: { allowed: false } });
    expect(await read(id)).toMatchObject({
      closed: { outcome: 'objected', decisionId: answer.body['decisionId'], by: 'office', ground: 'founded' },
    });
    const { rows } = await app.sql.query(
      'SELECT cause, actor, caller, channel FROM ledger JOIN outbox USING (position) WHERE decision_id = $1',
      [answer.body['decisionId']],
    );
    expect(rows).toEqual([{ cause: 'operator', actor: 'agent', caller: 'office', channel: 'objection-assessment' }]);
  });

  it('rejected ends the restriction, and may be raised anew', async () => {
    const { subjectId, id } = await submitted();
    expect(await post(id, 'assessment', { outcome: 'rejected', ground: 'compelling-grounds' })).toMatchObject({
      status: 201,
      body: { status: 'objection_rejected', direction: 'opening' },
    });
    expect(await state(subjectId)).toMatchObject({ permission: { allowed: true, reason: 'objection_rejected' } });
    const again = aDecision({ subjectId, purposeId: PURPOSE, status: 'objection_submitted' });
    const made = await app.call<{ decisionId: string }>('POST', '/v1/decisions', { body: again });
    expect(await read(made.body.decisionId)).toMatchObject({ closed: null });
  });

  it('is not decided by who recorded it, whatever the door (403, a problem of its own)', async () => {
    const { subjectId } = await submitted();
    await app.sql.query('UPDATE objection SET recorded_by = $2 WHERE subject_id = $1', [subjectId, ['web', 'office']]);
    const { rows } = await app.sql.query<{ objection_id: string }>(
      'SELECT objection_id FROM objection WHERE subject_id = $1',
      [subjectId],
    );
    expect(await post(rows[0]?.objection_id ?? '', 'assessment', { outcome: 'rejected', ground: 'x' })).toMatchObject({
      status: 403,
      body: { type: 'urn:consent:problem:assessor-recorded-objection' },
    });
    // A feed that sent the objection in cannot send its answer in either.
    const fed = await submitted({ origin: { system: 'crm', eventId: randomUUID() } }, TOKENS.feed);
    const answer = aDecision({ subjectId: fed.subjectId, purposeId: PURPOSE, status: 'objected' });
    expect(await app.call('POST', '/v1/decisions', { body: answer, token: TOKENS.feed })).toMatchObject({
      status: 403,
    });
    expect(await state(fed.subjectId)).toMatchObject({ status: 'objection_submitted' });
  });

  it('is not decided through the door of decisions by who may not assess (403), and is by who may', async () => {
    const { subjectId } = await submitted();
    const answer = (token: string) =>
      app.call('POST', '/v1/decisions', {
        body: aDecision({ subjectId, purposeId: PURPOSE, status: 'objected' }),
        token,
      });
    expect(await answer(TOKENS.feed)).toMatchObject({
      status: 403,
      body: { type: 'urn:consent:problem:assessor-not-entitled' },
    });
    expect(await state(subjectId)).toMatchObject({ status: 'objection_submitted' });
    expect(await answer(TOKENS.authority)).toMatchObject({ status: 201, body: { status: 'objected' } });
  });

  it('cannot be slipped past in one batch, nor by recording it again through another door', async () => {
    const subjectId = await clocks.subject();
    const line = (status: string) => aDecision({ subjectId, purposeId: PURPOSE, status });
    const batch = await app.call<{ status: number }[]>('POST', '/v1/decisions/batch', {
      token: TOKENS.feed,
      body: [line('objection_submitted'), line('objected')],
    });
    expect(batch.body.map(({ status }) => status)).toEqual([201, 403]);
    const again = await app.call('POST', '/v1/decisions', { body: line('objection_submitted'), token: TOKENS.agent });
    expect(again.status).toBe(201);
    const { body } = await app.call<Objection[]>('GET', '/v1/objections?limit=1000');
    const [objection, ...others] = body.filter(
      (one) => (one as unknown as { subjectId: string }).subjectId === subjectId,
    );
    expect(others).toEqual([]);
    expect(objection?.recordedBy).toEqual(['feed', 'desk']);
  });

  it('is not answered by the person nor by an agent for the person', async () => {
    const { subjectId } = await submitted();
    for (const [token, status] of [
      [TOKENS.web, 'objected'],
      [TOKENS.agent, 'objected'],
      [TOKENS.agent, 'objection_rejected'],
    ] as const)
      expect(
        await app.call('POST', '/v1/decisions', { token, body: aDecision({ subjectId, purposeId: PURPOSE, status }) }),
      ).toMatchObject({ status: 422, body: { type: 'urn:consent:problem:cause-not-entitled' } });
    expect(
      await post(
        (await app.call<Objection[]>('GET', '/v1/objections')).body[0]?.objectionId ?? '',
        'assessment',
        {},
        TOKENS.web,
      ),
    ).toMatchObject({ status: 403, body: { type: 'urn:consent:problem:forbidden' } });
  });

  it('taken back by the person needs no answer any more', async () => {
    const { subjectId, id } = await submitted();
    await clocks.decide(subjectId, { purposeId: PURPOSE, status: 'objection_lifted' });
    expect(await read(id)).toMatchObject({ closed: { outcome: 'objection_lifted', by: 'web', ground: null } });
    expect(await post(id, 'assessment', { outcome: 'upheld', ground: 'founded' })).toMatchObject({
      status: 409,
      body: {
        type: 'urn:consent:problem:objection-closed',
        openTransitions: [{ status: 'objection_submitted' }],
      },
    });
  });

  it('promises a date from when all information is in, said once and within what is possible', async () => {
    const { id } = await submitted({ decidedAt: new Date(Date.now() - 3 * DAY).toISOString() });
    const early = await post(id, 'completion', { completeAt: new Date(Date.now() - 4 * DAY).toISOString() });
    expect(early).toMatchObject({ status: 422, body: { type: 'urn:consent:problem:moment-out-of-range' } });
    expect((await post(id, 'completion', {})).status).toBe(200);
    const { promisedBy, replyBy } = await read(id);
    expect(Date.parse(promisedBy ?? '') - Date.parse(replyBy)).toBeGreaterThan(0);
    expect(await post(id, 'completion', {})).toMatchObject({ status: 409 });
  });

  it('completed again under its Idempotency-Key has the answer of the first time, also when it was answered since', async () => {
    const { id } = await submitted();
    const complete = () =>
      app.call('POST', `/v1/objections/${id}/completion`, { token: TOKENS.office, body: {}, key: `complete-${id}` });
    const first = await complete();
    expect(first).toMatchObject({ status: 200, body: { completeAt: expect.any(String), closed: null } });
    expect((await post(id, 'assessment', { outcome: 'upheld', ground: 'founded' })).status).toBe(201);
    expect(await complete()).toMatchObject({ status: 200, text: first.text });
  });

  it('may take two months more, once, when the person was told within the first', async () => {
    const old = await submitted({ decidedAt: new Date(Date.now() - 50 * DAY).toISOString() });
    expect(await post(old.id, 'extension', { reason: 'complexity' })).toMatchObject({
      status: 422,
      body: { type: 'urn:consent:problem:moment-out-of-range' },
    });
    // Told in time, written down late.
    const notifiedAt = new Date(Date.now() - 30 * DAY).toISOString();
    expect(await read(old.id)).toMatchObject({ overdue: true });
    expect(await post(old.id, 'extension', { reason: 'complexity', notifiedAt })).toMatchObject({
      status: 200,
      body: { overdue: false, extension: { reason: 'complexity', notifiedAt, extendedBy: 'office' } },
    });
    expect(await post(old.id, 'extension', { reason: 'complexity', notifiedAt })).toMatchObject({
      status: 409,
      body: { type: 'urn:consent:problem:objection-extended' },
    });
    expect(await post(old.id, 'extension', { reason: 'holiday' })).toMatchObject({ status: 422 });
  });

  it('that was late and then extended is late again when the longer time has passed', async () => {
    const { subjectId, id } = await submitted({ decidedAt: new Date(Date.now() - 50 * DAY).toISOString() });
    await clocks.run(Date.now());
    const notifiedAt = new Date(Date.now() - 30 * DAY).toISOString();
    await post(id, 'extension', { reason: 'complexity', notifiedAt });
    const longer = Date.parse((await read(id)).replyBy);
    await clocks.run(longer - 1);
    expect(await clocks.told(subjectId)).toHaveLength(1);
    await clocks.run(longer);
    expect((await clocks.told(subjectId)).map(({ decided_at }) => decided_at)).toContainEqual(new Date(longer));
  });

  it('stands in the list by the date of its reply, page by page', async () => {
    const later = await submitted({ decidedAt: new Date(Date.now() - 5 * DAY).toISOString() });
    const sooner = await submitted({ decidedAt: new Date(Date.now() - 20 * DAY).toISOString() });
    const ids: string[] = [];
    for (let after = ''; ;) {
      const { body } = await app.call<Objection[]>('GET', `/v1/objections?limit=2${after && `&after=${after}`}`);
      ids.push(...body.map(({ objectionId }) => objectionId));
      after = body.at(-1)?.objectionId ?? '';
      if (body.length < 2) break;
    }
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.indexOf(sooner.id)).toBeLessThan(ids.indexOf(later.id));
    const dueBefore = encodeURIComponent((await read(later.id)).replyBy);
    const due = await app.call<Objection[]>('GET', `/v1/objections?dueBefore=${dueBefore}&limit=1000`);
    const found = due.body.map(({ objectionId }) => objectionId);
    expect([found.includes(sooner.id), found.includes(later.id)]).toEqual([true, false]);
  });

  it('without an answer in time raises the alarm once, stays open and stays restricted; the ledger says when', async () => {
    const { subjectId, id } = await submitted();
    const now = Date.parse((await read(id)).replyBy);
    const before = (await readDue(readerOn(clocks.dataSource), now - 1)).overdue;
    const alarms: number[] = [];
    const scheduler = new ClockScheduler({
      dataSource: clocks.dataSource,
      catalogue: { ...app.catalogue, refresh: () => Promise.resolve(app.catalogue.version) },
      clock: () => now,
      logger: createLogger({ service: 'consent-service', build: 'spec', level: 'fatal' }),
      afterCommit: () => undefined,
      onDone: (done) => alarms.push(done.get('reply') ?? 0),
    });
    scheduler.start();
    const noted = async () =>
      (
        await app.sql.query<{ overdue_at: Date | null }>('SELECT overdue_at FROM objection WHERE objection_id = $1', [
          id,
        ])
      ).rows[0]?.overdue_at;
    await until('the alarm is raised', noted);
    await scheduler.stop();
    expect(await noted()).toEqual(new Date(now));
    expect((await readDue(readerOn(clocks.dataSource), now)).overdue).toBe(before + 1);
    expect(alarms.filter((count) => count > 0)).toHaveLength(1);
    await clocks.run(now + DAY);
    expect(await clocks.told(subjectId)).toMatchObject([
      {
        status: 'objection_submitted',
        effective: false,
        decided_at: new Date(now),
        systems: [],
        attributes: { fellDue: 'reply', objection: id },
      },
    ]);
    expect(await state(subjectId)).toMatchObject({ status: 'objection_submitted', permission: { allowed: false } });
  });

  it('that nobody knows is 404', async () => {
    for (const [method, path] of [
      ['GET', ''],
      ['POST', '/completion'],
    ] as const)
      expect(
        await app.call(method, `/v1/objections/${randomUUID()}${path}`, {
          token: TOKENS.office,
          ...(method === 'POST' ? { body: {} } : {}),
        }),
      ).toMatchObject({ status: 404, body: { type: 'urn:consent:problem:objection-unknown' } });
  });
});
