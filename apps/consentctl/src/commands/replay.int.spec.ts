import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { type FakePipeline, fakePipeline, head, uuid } from '../spec/fake-pipeline.js';
import { type Request, type Routes, status } from '../spec/fake-server.js';
import { runCommand } from '../spec/run-command.js';

const RUN = uuid(1);
const plan = (decisions: number, replayId: string | null = RUN) => ({
  replayId,
  decisions,
  subjects: 1,
  perPurpose: { 'directory-inclusion': decisions },
});
const nothing = { replayId: null, decisions: 0, subjects: 0, perPurpose: {} };
const state = (more: object) => ({
  replayId: RUN,
  system: 'directory-listing',
  mode: 'redeliver',
  select: { purpose: 'directory-inclusion' },
  state: 'done',
  planned: 2,
  enqueued: 2,
  ...more,
});
const page = (ids: string[], { query }: Request): string[] => {
  const from = ids.indexOf(query.get('after') ?? '') + 1;
  return ids.slice(from, from + Number(query.get('limit')));
};

// The polling itself takes seconds, and a busy machine more.
jest.setTimeout(30_000);

describe('consentctl replay', () => {
  let pipeline: FakePipeline | undefined;
  afterEach(() => pipeline?.close());
  const replay = async (line: string, routes: { consent?: Routes; monitor?: Routes; system?: Routes }) => {
    pipeline = await fakePipeline(routes);
    return runCommand(`replay --system directory-listing ${line}`, pipeline.env);
  };
  const orders = () => pipeline?.consent.requests.filter(({ route }) => route === 'POST /v1/replays') ?? [];

  it('freezes every page of what the monitor calls unacknowledged, with the operator token and a key', async () => {
    const ids = Array.from({ length: 2300 }, (_, n) => uuid(n));
    const ended = await replay('--unacknowledged --dry-run', {
      monitor: { 'GET /v1/systems/directory-listing/unacknowledged': (request) => page(ids, request) },
      consent: { 'POST /v1/replays': () => plan(2300, null) },
    });
    expect(ended).toMatchObject({ exitCode: 0, err: '' });
    expect(ended.out).toContain('Dry run: 2300 decisions of 1 subject to directory-listing, mode redeliver');
    expect(ended.out).toContain('Nothing was sent.');
    const [order, ...more] = orders();
    expect(more).toEqual([]);
    expect(order?.body).toEqual({
      system: 'directory-listing',
      mode: 'redeliver',
      select: { decisionIds: ids },
      dryRun: true,
    });
    expect(order?.headers).toMatchObject({ authorization: 'Bearer operator-token' });
    expect(order?.headers['idempotency-key']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('orders several replays when the list is longer than one may be', async () => {
    const ids = Array.from({ length: 10_001 }, (_, n) => uuid(n));
    const ended = await replay('--unacknowledged --json', {
      monitor: { 'GET /v1/systems/directory-listing/unacknowledged': (request) => page(ids, request) },
      consent: { 'POST /v1/replays': ({ body }) => plan(lengthOf(body), lengthOf(body) === 1 ? uuid(2) : uuid(1)) },
    });
    expect(ended.json()).toMatchObject({
      replays: [
        { decisions: 10_000, replayId: uuid(1) },
        { decisions: 1, replayId: uuid(2) },
      ],
    });
  });

  it.each(['--dry-run', '--wait'])('of what the ledger does not know is exit code 5 with %s', async (flag) => {
    const ended = await replay(`--purpose direcory-inclusion ${flag}`, {
      consent: {
        'POST /v1/replays': () =>
          status(422, {
            type: 'urn:consent:problem:purpose-unknown',
            detail: 'body select.purpose: found "direcory-…"',
          }),
      },
    });
    expect(ended).toMatchObject({ exitCode: 5, out: '' });
    expect(ended.err).toContain('body select.purpose');
  });

  it('orders nothing when everything is acknowledged', async () => {
    const ended = await replay('--unacknowledged --wait', {
      monitor: { 'GET /v1/systems/directory-listing/unacknowledged': () => [] },
    });
    expect(ended).toMatchObject({ exitCode: 0 });
    expect(ended.out).toContain('directory-listing has acknowledged everything');
    expect(orders()).toEqual([]);
  });

  it.each([
    ['--purpose directory-inclusion', 'about directory-inclusion'],
    [`--subject ${uuid(900)}`, `of subject ${uuid(900)}`],
    ['--since 2026-11-01T00:00:00Z', 'committed since 2026-11-01T00:00:00.000Z'],
  ])(
    'of %s without a decision says that there is nothing to replay, follows no run, and is exit code 0',
    async (line, of) => {
      const said = `Nothing to replay: the ledger holds no decision ${of} that concerns directory-listing`;
      for (const flag of ['', '--wait', '--dry-run', '--json', '--json --wait']) {
        await pipeline?.close();
        const ended = await replay(`${line} ${flag}`, { consent: { 'POST /v1/replays': () => nothing } });
        expect([flag, ended.exitCode, ended.err]).toEqual([flag, 0, '']);
        if (flag.startsWith('--json'))
          expect(ended.json()).toMatchObject({ replays: [nothing], nothingToReplay: said });
        else expect(ended.out).toBe(`${said}\n`);
      }
    },
  );

  it.each([
    [`--subject ${uuid(900).toUpperCase()}`, { subject: uuid(900) }],
    ['--purpose directory-inclusion', { purpose: 'directory-inclusion' }],
    ['--since 2026-11-01T00:00:00+01:00', { since: '2026-10-31T23:00:00.000Z' }],
  ])('%s selects exactly that, in the mode asked for', async (line, select) => {
    const ended = await replay(`${line} --mode repair`, { consent: { 'POST /v1/replays': () => plan(2) } });
    expect(ended.exitCode).toBe(0);
    expect(ended.out).toContain(`consentctl replays show ${RUN} --wait`);
    expect(orders()[0]?.body).toEqual({ system: 'directory-listing', mode: 'repair', select, dryRun: false });
  });

  it('a run that equals the ledger at last is exit code 0, though the system and the service were away in between', async () => {
    let asked = 0;
    let compared = 0;
    const ended = await replay('--purpose directory-inclusion --wait --timeout 20', {
      consent: {
        'POST /v1/replays': () => plan(2),
        [`GET /v1/replays/${RUN}`]: () => {
          asked += 1;
          if (asked === 1) return state({ state: 'running', enqueued: 1 });
          return asked === 2 ? status(503) : state({});
        },
        [`GET /v1/replays/${RUN}/decisions`]: (request) => page([uuid(1), uuid(2)], request),
        'POST /v1/ledger/heads': ({ body }) =>
          [head(1, false, 5), head(2, true, 6)].filter(({ decisionId }) => idsOf(body).includes(String(decisionId))),
      },
      system: {
        'POST /v1/effective-state': () => {
          compared += 1;
          if (compared === 1) return status(503);
          return [head(1, false, 5), head(2, compared === 2 ? false : true, compared === 2 ? 4 : 6)];
        },
      },
    });
    expect(ended).toMatchObject({ exitCode: 0 });
    expect(ended.out).toContain('Verified: directory-listing does what the ledger says, 2 triples compared');
    expect(ended.err).toContain('1 of 2');
    expect(ended.err).toContain('waiting: ');
  });

  it('lists each difference that stays, and is exit code 1', async () => {
    const ended = await replay(`--subject ${uuid(900)} --wait --timeout 1 --json`, {
      consent: {
        'POST /v1/replays': () => plan(2),
        [`GET /v1/replays/${RUN}`]: () => state({ select: { decisionIds: [uuid(1), uuid(2)] } }),
        'POST /v1/ledger/heads': () => [head(1, false, 5), head(2, false, 6), head(3, true, 7)],
      },
      system: { 'POST /v1/effective-state': () => [head(1, true, 5), head(3, true, 7)] },
    });
    expect(ended.exitCode).toBe(1);
    expect(ended.json()).toMatchObject({
      replays: [
        {
          replayId: RUN,
          verified: {
            triples: 3,
            differences: [
              { kind: 'acts_against_ledger', scopeId: uuid(801), ledger: { allowed: false, version: 5 } },
              { kind: 'unknown_to_system', scopeId: uuid(802), system: null },
            ],
          },
        },
      ],
    });
  });

  it('a replay that is not through in time is exit code 1, goes on, and says how to ask again', async () => {
    const ended = await replay('--since 1h --wait --timeout 1', {
      consent: {
        'POST /v1/replays': () => plan(2),
        [`GET /v1/replays/${RUN}`]: () => state({ state: 'running', enqueued: 1 }),
      },
    });
    expect(ended.exitCode).toBe(1);
    expect(ended.out).toContain(
      `Not through in time. It goes on; ask again with: consentctl replays show ${RUN} --wait`,
    );
  });

  it('tells one who interrupts it which replay goes on, or may, and of none when none was ordered', async () => {
    const unread = await replay('--unacknowledged --wait', {
      monitor: { 'GET /v1/systems/directory-listing/unacknowledged': () => status(503, {}) },
    });
    expect(unread.goesOn).toEqual([]);
    await pipeline?.close();
    const unanswered = await replay('--since 1h', { consent: { 'POST /v1/replays': () => status(503, {}) } });
    expect(unanswered.goesOn).toEqual(['a replay to directory-listing may have been ordered']);
    await pipeline?.close();
    const ordered = await replay('--since 1h --wait --timeout 1', {
      consent: { 'POST /v1/replays': () => plan(2), [`GET /v1/replays/${RUN}`]: () => state({ state: 'running' }) },
    });
    expect(ordered.goesOn).toEqual([`replay ${RUN} goes on: consentctl replays show ${RUN} --wait`]);
  });

  it('does not report a triple that no longer concerns the system', async () => {
    const ended = await replay('--since 1h --wait --timeout 1', {
      consent: {
        'POST /v1/replays': () => plan(1),
        [`GET /v1/replays/${RUN}`]: () => state({ select: { decisionIds: [uuid(1)] } }),
        'POST /v1/ledger/heads': () => [{ ...head(1, false, 5), systems: ['group-sharing'] }],
      },
    });
    expect(ended.out).toContain('0 triples compared');
  });

  it('a monitor that answers the same page again is at fault, and is not asked for ever', async () => {
    const ids = Array.from({ length: 1000 }, (_, n) => uuid(n));
    const ended = await replay('--unacknowledged', {
      monitor: { 'GET /v1/systems/directory-listing/unacknowledged': () => ids },
    });
    expect(ended.exitCode).toBe(6);
    expect(orders()).toEqual([]);
  });
});

const idsOf = (body: unknown): string[] => (body as { decisionIds: string[] }).decisionIds;
const lengthOf = (body: unknown): number => (body as { select: { decisionIds: string[] } }).select.decisionIds.length;
