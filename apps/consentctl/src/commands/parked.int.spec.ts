import { afterEach, describe, expect, it } from '@jest/globals';
import { type FakePipeline, fakePipeline, uuid } from '../spec/fake-pipeline.js';
import { type Routes, status } from '../spec/fake-server.js';
import { runCommand } from '../spec/run-command.js';

const row = (id: number, more: object = {}) => ({
  id: String(id),
  subjectId: uuid(900),
  scopeId: uuid(800),
  purposeId: 'directory-inclusion',
  decisionId: uuid(id),
  version: id,
  reason: 'effect_failed',
  detail: 'new row violates check constraint',
  parkedAt: '2026-11-24T12:00:00.000Z',
  topic: 'consent.decisions',
  partition: 3,
  offset: '42',
  ...more,
});

const out = (id: string, outcome: string, reason: string | null = null) => ({ id, outcome, reason });

describe('consentctl parked', () => {
  let pipeline: FakePipeline | undefined;
  afterEach(() => pipeline?.close());
  const parked = async (line: string, system: Routes) => {
    pipeline = await fakePipeline({ system });
    return runCommand(`parked ${line}`, pipeline.env);
  };

  it('lists what a system parked, also where not even the purpose could be read', async () => {
    const ended = await parked('list --system directory-listing', {
      'GET /v1/parked': () => [row(1), row(2, { scopeId: null, purposeId: null, decisionId: null, version: null })],
    });
    expect(ended).toMatchObject({ exitCode: 0, err: '' });
    expect(ended.out).toContain('2 parked decisions');
    expect(ended.out).toContain('(whole subject)');
    expect(ended.out).toContain('effect_failed: new row violates check constraint');
  });

  it('lists all systems, and says of which it does not know', async () => {
    pipeline = await fakePipeline({ system: { 'GET /v1/parked': () => [row(1)] } });
    // Nobody listens on port 1.
    const nowhere = Object.fromEntries(
      ['marketing-segmentation', 'pickx-ad-targeting', 'ads-data-export', 'group-sharing'].map((id) => [
        id,
        'http://127.0.0.1:1',
      ]),
    );
    const SYSTEM_URLS = JSON.stringify({ ...nowhere, 'directory-listing': pipeline.system.url });
    const ended = await runCommand('parked list --json', { ...pipeline.env, SYSTEM_URLS });
    expect(ended.exitCode).toBe(1);
    expect(ended.json()).toMatchObject({ parked: [{ id: '1', systemId: 'directory-listing' }] });
    expect((ended.json() as { unknown: string[] }).unknown).toHaveLength(4);
  });

  it.each(['release', 'redrive'])(
    '%s tries each id with the token of operators; one that is refused keeps no other from being tried',
    async (verb) => {
      const routes = {
        [`POST /v1/parked/1/${verb}`]: () => [out('1', 'applied')],
        [`POST /v1/parked/2/${verb}`]: () => status(409, { detail: 'a newer decision has superseded it' }),
        [`POST /v1/parked/3/${verb}`]: () => [out('3', 'parked', 'effect_failed')],
      };
      const ended = await parked(`${verb} --system directory-listing 1 2 3`, routes);
      expect(ended).toMatchObject({ exitCode: 4, err: '' });
      expect(ended.out).toBe(
        '1 applied\n' +
          '2 not released: directory-listing refused (409): a newer decision has superseded it\n' +
          '3 parked: effect_failed\n',
      );
      expect(pipeline?.system.requests[2]?.headers.authorization).toBe('Bearer ops-token');
      await pipeline?.close();
      expect((await parked(`${verb} --system directory-listing 1 2 3 --json`, routes)).json()).toMatchObject({
        system: 'directory-listing',
        results: [
          { id: '1', released: [{ outcome: 'applied' }] },
          { id: '2', released: [], fault: expect.stringContaining('409') },
          { id: '3', released: [{ outcome: 'parked', reason: 'effect_failed' }] },
        ],
      });
    },
  );

  it.each([['release --system directory-listing 3'], ['redrive --system directory-listing 3']])(
    '%s of what fails again is exit code 1',
    async (line) => {
      const again = () => [out('3', 'parked', 'effect_failed')];
      const ended = await parked(line, { 'POST /v1/parked/3/release': again, 'POST /v1/parked/3/redrive': again });
      expect(ended.exitCode).toBe(1);
      expect(ended.out).toContain('3 parked: effect_failed');
    },
  );

  it('redrives the ids named, or all', async () => {
    const routes = {
      'POST /v1/parked/7/redrive': () => [out('7', 'applied')],
      'POST /v1/parked/redrive': () => ({ tried: 3, released: 2, parked: 1 }),
    };
    expect((await parked('redrive --system directory-listing 7', routes)).exitCode).toBe(0);
    expect(pipeline?.system.requests.map(({ route }) => route)).toEqual(['POST /v1/parked/7/redrive']);
    await pipeline?.close();
    const all = await parked('redrive --system directory-listing --all', routes);
    expect(all.exitCode).toBe(1);
    expect(all.out).toContain('3 parked decisions of directory-listing sent again: 2 through, 1 parked again');
    expect(pipeline?.system.requests).toMatchObject([{ route: 'POST /v1/parked/redrive', body: {} }]);
    await pipeline?.close();
    await parked('redrive --system directory-listing --reason effect_failed', routes);
    expect(pipeline?.system.requests).toMatchObject([{ body: { reason: 'effect_failed' } }]);
  });

  it('says that nothing is parked for a reason, and where the reasons are', async () => {
    const none = { 'POST /v1/parked/redrive': () => ({ tried: 0, released: 0, parked: 0 }) };
    const ended = await parked('redrive --system directory-listing --reason efect_failed', none);
    expect(ended.exitCode).toBe(0);
    expect(ended.out).toContain("is parked for 'efect_failed': parked list shows the reasons");
  });

  it('discards each id with the token of operators; a decision is refused, and keeps no other from being tried', async () => {
    const ended = await parked('discard --system directory-listing 1 2 3', {
      'POST /v1/parked/1/discard': () => status(409, { detail: 'it is a decision: release it' }),
      'POST /v1/parked/2/discard': () => ({ id: '2', released: 3 }),
      'POST /v1/parked/3/discard': () => ({ id: '3', released: 0 }),
    });
    expect(ended.exitCode).toBe(4);
    expect(ended.out).toContain('1 not discarded: directory-listing refused (409): it is a decision: release it');
    expect(ended.out).toContain('2 discarded; 3 decisions that waited for it tried again\n3 discarded\n');
    expect(pipeline?.system.requests[1]?.headers.authorization).toBe('Bearer ops-token');
  });

  it('discards what no topic has a copy of only when told so, and passes that on', async () => {
    const routes = {
      'POST /v1/parked/2/discard': (request: { body?: unknown }) =>
        (request.body as { withoutCopy?: boolean } | undefined)?.withoutCopy === true
          ? { id: '2', released: 0 }
          : status(409, { detail: 'the dead-letter topic takes no copy of it' }),
    };
    const refused = await parked('discard --system directory-listing 2', routes);
    expect(refused).toMatchObject({ exitCode: 4 });
    expect(refused.out).toContain('takes no copy of it');
    await pipeline?.close();
    expect((await parked('discard --system directory-listing 2 --without-copy', routes)).exitCode).toBe(0);
  });

  it('says of each id whether it was discarded, as JSON', async () => {
    const ended = await parked('discard --system directory-listing 2 9 --json', {
      'POST /v1/parked/2/discard': () => ({ id: '2', released: 0 }),
    });
    expect(ended.exitCode).toBe(5);
    expect(ended.json()).toMatchObject({
      system: 'directory-listing',
      results: [
        { id: '2', discarded: true },
        { id: '9', discarded: false },
      ],
    });
  });

  it('without a token a system refuses, and the setting is named', async () => {
    const ended = await parked('redrive --system directory-listing --all', {
      'POST /v1/parked/redrive': () => status(401, { title: 'A bearer token is needed' }),
    });
    expect(ended.exitCode).toBe(4);
    expect(ended.err).toContain('set OPS_TOKEN or --ops-token-file');
  });
});
