import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { specClocks, type SpecClocks } from '../clocks/spec-clocks.js';
import { aDecision, type SpecApp, TOKENS } from '../spec-app.js';

const DAY = 86_400_000;

interface Decided {
  decisionId: string;
  status: string;
  direction: string;
  effective: boolean;
  permission: { allowed: boolean; reason: string; nextChangeAt: string | null };
}

describe('a yes over a channel that asks for a double confirmation', () => {
  let clocks: SpecClocks;
  let app: SpecApp;
  beforeAll(async () => {
    clocks = await specClocks();
    app = clocks.app;
  }, 30_000);
  afterAll(() => clocks.close());

  const signedUp = async (over: Record<string, unknown> = {}) => {
    const subjectId = (over['subjectId'] as string | undefined) ?? (await clocks.subject());
    const { status, body } = await app.call<Decided>('POST', '/v1/decisions', {
      body: aDecision({ channel: 'web-sign-up', ...over, subjectId }),
    });
    expect(status).toBe(201);
    return { subjectId, request: body };
  };
  const confirm = (id: string, body: object = { channel: 'confirmation-link' }, token: string = TOKENS.web) =>
    app.call<Decided & { type: string }>('POST', `/v1/decisions/${id}/confirmation`, { body, token });
  const state = async (subjectId: string, asked = 'prospect-newsletter') =>
    (
      await app.call<{ states: (Decided & { purposeId: string; decidedAt: string })[] }>(
        'GET',
        `/v1/subjects/${subjectId}`,
      )
    ).body.states.find(({ purposeId }) => purposeId === asked);

  it('is a request, and opens nothing until it is confirmed', async () => {
    const { subjectId, request } = await signedUp();
    expect(request).toMatchObject({
      status: 'requested',
      direction: 'closing',
      permission: { allowed: false, reason: 'requested' },
    });
    const days = (Date.parse(request.permission.nextChangeAt ?? '') - Date.now()) / DAY;
    expect(Math.round(days)).toBe(7);
    const { body } = await app.call<{ allowed: boolean; reason: string; nextChangeAt: string }[]>(
      'GET',
      `/v1/subjects/${subjectId}/permissions?purpose=prospect-newsletter`,
    );
    expect(body).toMatchObject([{ ...request.permission }]);
  });

  it('is given by the confirmation, with evidence of its own, and once', async () => {
    const { subjectId, request } = await signedUp();
    expect(await confirm(request.decisionId)).toMatchObject({
      status: 201,
      body: { status: 'given', direction: 'opening', permission: { allowed: true, reason: 'given' } },
    });
    const { body } = await app.call<{ cause: string }[]>('GET', `/v1/subjects/${subjectId}/decisions`);
    expect(body.filter(({ cause }) => cause === 'person')).toMatchObject([
      { status: 'requested', evidence: { channel: 'web-sign-up' } },
      { status: 'given', evidence: { channel: 'confirmation-link' }, attributes: { confirms: request.decisionId } },
    ]);
    expect(await confirm(request.decisionId)).toMatchObject({
      status: 409,
      body: {
        type: 'urn:consent:problem:confirmation-not-awaited',
        openTransitions: expect.arrayContaining([expect.objectContaining({ status: 'withdrawn' })]) as unknown,
      },
    });
  });

  it('lapses when nobody confirms it, at that moment, and cannot be confirmed later', async () => {
    const { subjectId, request } = await signedUp({ decidedAt: new Date(Date.now() - 6 * DAY).toISOString() });
    const confirmBy = Date.parse(request.permission.nextChangeAt ?? '');
    await clocks.run(confirmBy - 1);
    expect(await clocks.told(subjectId)).toEqual([]);
    expect(await clocks.run(confirmBy)).toMatchObject({ done: new Map([['confirmation', 1]]) });
    expect(await clocks.told(subjectId)).toMatchObject([{ status: 'expired', decided_at: new Date(confirmBy) }]);
    expect((await confirm(request.decisionId)).status).toBe(409);
    // Nor where the clock has not run yet.
    const late = await signedUp({ decidedAt: new Date(Date.now() - 8 * DAY).toISOString() });
    expect(await confirm(late.request.decisionId)).toMatchObject({
      status: 409,
      body: {
        type: 'urn:consent:problem:confirmation-too-late',
        openTransitions: expect.arrayContaining([expect.objectContaining({ status: 'requested' })]) as unknown,
      },
    });
  });

  it('that was withdrawn meanwhile, or asked for anew, is not confirmed by the old link', async () => {
    const { subjectId, request } = await signedUp();
    const again = await signedUp({ subjectId });
    expect((await confirm(request.decisionId)).status).toBe(409);
    await clocks.decide(subjectId, { status: 'withdrawn' });
    expect((await confirm(again.request.decisionId)).status).toBe(409);
    expect(await state(subjectId)).toMatchObject({ status: 'withdrawn', permission: { allowed: false } });
  });

  it('leaves a consent in force alone, and renews it when it is confirmed', async () => {
    const subjectId = await clocks.subject();
    await clocks.decide(subjectId, { decidedAt: '2026-01-01T00:00:00Z' });
    const { request } = await signedUp({ subjectId });
    expect(request).toMatchObject({ status: 'requested', effective: false, permission: { allowed: true } });
    expect(await state(subjectId)).toMatchObject({ status: 'given', decidedAt: '2026-01-01T00:00:00.000Z' });
    expect((await confirm(request.decisionId)).status).toBe(201);
    expect((await state(subjectId))?.decidedAt).not.toBe('2026-01-01T00:00:00.000Z');
  });

  it('is the same event when its source tells it again', async () => {
    const origin = { system: 'web-shop', eventId: randomUUID() };
    const { subjectId, request } = await signedUp({ origin });
    const echo = await app.call<Decided>('POST', '/v1/decisions', {
      body: aDecision({ subjectId, origin, channel: 'web-sign-up' }),
    });
    expect(echo).toMatchObject({ status: 200, body: { decisionId: request.decisionId } });
  });

  it('does not hold up a no, nor the yes of another channel', async () => {
    const { subjectId } = await signedUp({ status: 'withdrawn' });
    expect(await state(subjectId)).toMatchObject({ status: 'withdrawn' });
    await clocks.decide(subjectId, { channel: 'myproximus-web' });
    expect(await state(subjectId)).toMatchObject({ status: 'given' });
  });

  it.each(['web-sign-up', 'event-sign-up'])(
    'is not confirmed over %s, where anybody could confirm it too, and is told which channels do not count',
    async (channel) => {
      const { subjectId, request } = await signedUp();
      expect(await confirm(request.decisionId, { channel })).toMatchObject({
        status: 422,
        body: {
          type: 'urn:consent:problem:confirmation-channel-unfit',
          detail: `body channel: found ${channel}, which asks for a confirmation itself; expected any channel but web-sign-up, event-sign-up`,
        },
      });
      expect(await state(subjectId)).toMatchObject({ status: 'requested', permission: { allowed: false } });
      expect((await confirm(request.decisionId)).status).toBe(201);
    },
  );

  it('is not confirmed by an authority, which can give no consent for the person', async () => {
    const { subjectId, request } = await signedUp();
    const answer = await confirm(request.decisionId, undefined, TOKENS.authority);
    expect(answer).toMatchObject({ status: 422, body: { type: 'urn:consent:problem:cause-not-entitled' } });
    expect(await state(subjectId)).toMatchObject({ status: 'requested', permission: { allowed: false } });
    expect((await confirm(request.decisionId)).status).toBe(201);
  });

  it('is the only opening that can wait: an objection is lifted over another channel', async () => {
    const subjectId = await clocks.subject();
    const said = (over: Record<string, unknown>) =>
      app.call<Decided & { type: string }>('POST', '/v1/decisions', {
        body: aDecision({ subjectId, purposeId: 'customer-newsletter', ...over }),
      });
    const lifted = { status: 'objection_lifted' };
    expect((await said({ status: 'objected', channel: 'web-sign-up' })).status).toBe(201);
    expect(await said({ ...lifted, channel: 'web-sign-up' })).toMatchObject({
      status: 422,
      body: { type: 'urn:consent:problem:channel-asks-for-confirmation' },
    });
    expect(await state(subjectId, 'customer-newsletter')).toMatchObject({
      status: 'objected',
      permission: { allowed: false },
    });
    expect((await said(lifted)).body).toMatchObject({ direction: 'opening', permission: { allowed: true } });
  });

  it('is confirmed after it was asked, and only where something waits', async () => {
    const { request } = await signedUp();
    const early = { channel: 'confirmation-link', decidedAt: new Date(Date.now() - DAY).toISOString() };
    expect(await confirm(request.decisionId, early)).toMatchObject({
      status: 422,
      body: { type: 'urn:consent:problem:confirmation-before-request' },
    });
    expect(await confirm(randomUUID())).toMatchObject({
      status: 404,
      body: { type: 'urn:consent:problem:decision-unknown' },
    });
  });
});
