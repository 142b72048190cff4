import { afterEach, describe, expect, it } from '@jest/globals';
import { decision, type FakePipeline, fakePipeline, uuid } from '../spec/fake-pipeline.js';
import { type Routes, status } from '../spec/fake-server.js';
import { runCommand } from '../spec/run-command.js';

const SUBJECT = uuid(900);
const answer = (state: string, more: object = {}) => ({
  systemId: 'directory-listing',
  state,
  appliedAt: '2026-11-24T12:00:00.140Z',
  acknowledgedAt: '2026-11-24T12:00:00.150Z',
  lagMs: 42,
  effects: [{ effect: 'listings withdrawn', count: 1 }],
  applyBy: '2026-11-24T12:00:30.000Z',
  ...more,
});
const history = { [`GET /v1/subjects/${SUBJECT}/decisions`]: () => [decision(1), decision(2)] };

describe('What consentctl shows', () => {
  let pipeline: FakePipeline | undefined;
  afterEach(() => pipeline?.close());
  const show = async (line: string, routes: { consent?: Routes; monitor?: Routes; system?: Routes }) => {
    pipeline = await fakePipeline(routes);
    return runCommand(line, pipeline.env);
  };

  it("of a subject: every decision and every system's answer, with how long it took and what it did", async () => {
    const ended = await show(`subject show ${SUBJECT}`, {
      consent: history,
      monitor: {
        [`GET /v1/subjects/${SUBJECT}`]: () => [
          { decisionId: uuid(2), version: 2, systems: [answer('pending', { lagMs: null, effects: [] })] },
          { decisionId: uuid(1), version: 1, systems: [answer('applied')] },
        ],
      },
    });
    expect(ended).toMatchObject({ exitCode: 0, err: '' });
    expect(ended.out).toContain('2 decisions');
    expect(ended.out).toContain('directory-listing applied after 42 ms (listings withdrawn: 1)');
    expect(ended.out).toMatch(/^2 .*directory-listing pending$/m);
  });

  it('of a subject: what no person did says who did, and what has no effect says so', async () => {
    const ended = await show(`subject show ${SUBJECT}`, {
      consent: {
        [`GET /v1/subjects/${SUBJECT}/decisions`]: () => [
          decision(1, { status: 'objection_lifted', cause: 'facts' }),
          decision(2, { effective: false }),
          decision(3),
        ],
      },
      monitor: { [`GET /v1/subjects/${SUBJECT}`]: () => [] },
    });
    expect(ended.out).toMatch(/^1 .*objection_lifted \(by facts\) /m);
    expect(ended.out).toMatch(/^2 .*withdrawn \(evidence only\) /m);
    expect(ended.out).toMatch(/^3 .*withdrawn {2}/m);
  });

  it('of a subject: a decision of the future says when it was received', async () => {
    const ended = await show(`subject show ${SUBJECT}`, {
      consent: {
        [`GET /v1/subjects/${SUBJECT}/decisions`]: () => [
          decision(1, { decidedAt: '2099-01-01T00:00:00.000Z', receivedAt: '2026-11-24T12:00:00.000Z' }),
          decision(2),
        ],
      },
      monitor: { [`GET /v1/subjects/${SUBJECT}`]: () => [] },
    });
    expect(ended.out).toMatch(/^1 {2,}2099-01-01T00:00:00\.000Z \(received 2026-11-24T12:00:00\.000Z\) /m);
    expect(ended.out).toMatch(/^2 {2,}2026-11-24T12:00:00\.000Z {2,}directory-inclusion/m);
  });

  it('of a subject whose systems cannot be asked for: the history all the same, answers unknown, exit code 1', async () => {
    const ended = await show(`subject show ${SUBJECT} --json`, {
      consent: history,
      monitor: { [`GET /v1/subjects/${SUBJECT}`]: () => status(503, { detail: 'The database is away' }) },
    });
    expect(ended.exitCode).toBe(1);
    expect(ended.json()).toMatchObject({
      unknown: expect.stringContaining('The database is away'),
      decisions: [
        { version: 1, answers: [{ systemId: 'directory-listing', state: 'unknown' }] },
        { version: 2, answers: [{ systemId: 'directory-listing', state: 'unknown' }] },
      ],
    });
  });

  it('of a subject nobody knows: exit code 5', async () => {
    const ended = await show(`subject show ${SUBJECT}`, { monitor: { [`GET /v1/subjects/${SUBJECT}`]: () => [] } });
    expect(ended.exitCode).toBe(5);
  });

  it('of a decision: when each system applied it', async () => {
    const ended = await show(`decisions show ${uuid(1)}`, {
      consent: { [`GET /v1/decisions/${uuid(1)}`]: () => decision(1, { effective: false }) },
      monitor: {
        [`GET /v1/decisions/${uuid(1)}`]: () => ({ decisionId: uuid(1), version: 1, systems: [answer('applied')] }),
      },
    });
    expect(ended.exitCode).toBe(0);
    expect(ended.out).toContain('withdrawn (kept as evidence, without effect)');
    expect(ended.out).toMatch(/directory-listing +applied +2026-11-24T12:00:00.140Z .* 42 ms .* listings withdrawn: 1/);
  });

  const conflicting = {
    decisionId: uuid(7),
    subjectId: SUBJECT,
    version: 2,
    purposeId: 'directory-inclusion',
    scopeId: uuid(800),
    systems: [answer('conflict', { lagMs: null, effects: [] })],
  };

  it('of a subject: also a decision that the topic has shown with the version of another one, which the ledger holds', async () => {
    const ended = await show(`subject show ${SUBJECT}`, {
      consent: history,
      monitor: {
        [`GET /v1/subjects/${SUBJECT}`]: () => [
          { decisionId: uuid(2), version: 2, systems: [answer('applied')] },
          conflicting,
          { decisionId: uuid(1), version: 1, systems: [answer('applied')] },
        ],
      },
    });
    expect(ended.exitCode).toBe(1);
    expect(ended.out).toContain('1 decision that the ledger does not hold, seen on the topic:');
    expect(ended.out).toMatch(new RegExp(`^2 +${uuid(7)} .* ${uuid(2)} +directory-listing conflict$`, 'm'));
  });

  it('of a decision that the ledger does not hold and the topic has shown: that, and the one that has its version', async () => {
    const ended = await show(`decisions show ${uuid(7)}`, {
      consent: history,
      monitor: { [`GET /v1/decisions/${uuid(7)}`]: () => conflicting },
    });
    expect(ended).toMatchObject({ exitCode: 1, err: '' });
    expect(ended.out).toContain(`does not hold it; its version 2 of the subject is ${uuid(2)}`);
    expect(ended.out).toMatch(/directory-listing +conflict/);
  });

  it('of conflicts: each with its system and its subject, and exit code 1', async () => {
    const routes = {
      monitor: {
        'GET /v1/systems/directory-listing/open-pairs': ({ query }: { query: URLSearchParams }) =>
          query.get('state') === 'conflict' ? [{ decisionId: uuid(7), since: '2026-11-24T12:00:00.000Z' }] : [],
        'GET /v1/systems/group-sharing/open-pairs': () => [],
        [`GET /v1/decisions/${uuid(7)}`]: () => conflicting,
      },
    };
    const ended = await show('conflicts list --system directory-listing', routes);
    expect(ended.exitCode).toBe(1);
    expect(ended.out).toMatch(new RegExp(`directory-listing +${uuid(7)} +${SUBJECT} +2 +directory-inclusion`));
    await pipeline?.close();
    expect(await show('conflicts list --system group-sharing', routes)).toMatchObject({ exitCode: 0 });
  });

  it('of a decision that the monitor has not seen: answers unknown, exit code 1', async () => {
    const ended = await show(`decisions show ${uuid(1)}`, {
      consent: { [`GET /v1/decisions/${uuid(1)}`]: () => decision(1) },
    });
    expect(ended.exitCode).toBe(1);
    expect(ended.out).toMatch(/directory-listing +unknown/);
  });

  it('of purposes: the catalogue, and one of them whole', async () => {
    const purpose = {
      id: 'directory-inclusion',
      title: { en: 'Be listed', nl: 'In de gids' },
      choiceModel: 'opt-in',
      defaultAllowed: false,
      systems: ['directory-listing'],
      section: '6.3.4',
    };
    const routes = {
      consent: {
        'GET /v1/catalogue': () => ({ version: '2026-11-24.abc', purposes: [purpose] }),
        'GET /v1/purposes/directory-inclusion': () => purpose,
      },
    };
    const list = await show('purposes list', routes);
    expect(list.out).toContain('Catalogue 2026-11-24.abc: 1 purpose');
    expect(list.out).toMatch(/directory-inclusion +opt-in +not allowed +1 +Be listed/);
    await pipeline?.close();
    const one = await show('purposes show directory-inclusion', routes);
    expect(one.out).toMatch(/section +6\.3\.4/);
    expect(one.out).toContain('nl: In de gids');
  });
});
