import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { fakePipeline, uuid } from '../spec/fake-pipeline.js';
import { type FakeServer, fakeServer, status } from '../spec/fake-server.js';
import { runCommand } from '../spec/run-command.js';

const ID = uuid(1);
const HASH = 'a'.repeat(64);
const NAMED = {
  difference: {
    from: 'v1',
    to: 'v2',
    added: [],
    removed: [],
    changed: [],
    named: [{ systemId: 'directory-listing', purposes: ['p'] }],
  },
};
const change = (state: string, more: object = {}) => ({
  changeId: ID,
  state,
  difference: {
    from: 'v1',
    to: 'v2',
    added: [],
    removed: ['old'],
    changed: [{ id: 'p', fields: [{ field: 'brands' }] }],
  },
  subjects: 3,
  planned: { p: { opening: 0, closing: 2, moved: 0, withheld: 0, told: 4 } },
  recorded: {},
  planHash: state === 'planning' ? null : HASH,
  ...more,
});

describe('consentctl catalogue', () => {
  let dir: string;
  let server: FakeServer | undefined;
  beforeEach(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'catalogue-'));
    writeFileSync(path.join(dir, 'catalogue.yaml'), 'date: x\n');
  });
  afterEach(async () => {
    await server?.close();
    rmSync(dir, { recursive: true, force: true });
  });
  const run = async (line: string, states: object[]) => {
    const next = () => (states.length > 1 ? states.shift() : states[0]);
    server = await fakeServer({
      'POST /v1/catalogue/changes': next,
      [`GET /v1/catalogue/changes/${ID}`]: next,
      [`GET /v1/catalogue/changes/${ID}/handling`]: () => [],
      [`POST /v1/catalogue/changes/${ID}/apply`]: next,
    });
    return runCommand(line, { CONSENT_URL: server.url });
  };

  it('plan sends the folder, waits for the count, and shows what differs, for how many people, and how to apply it', async () => {
    const ended = await run(`catalogue plan --catalogue "${dir}"`, [
      change('planning'),
      change('planning'),
      change('planned'),
    ]);
    expect(ended.exitCode).toBe(0);
    expect(server?.requests[0]?.body).toEqual({ files: [{ name: 'catalogue.yaml', text: 'date: x\n' }] });
    expect(ended.out).toContain('changed: p (brands)');
    expect(ended.out).toContain('gone: old');
    expect(ended.out).toMatch(/^p +0 +2 +0 +0 +4$/m);
    expect(ended.out).toContain(`consentctl catalogue apply ${ID} --plan ${HASH}`);
  });

  it('plan of what would open for people who never agreed says so; exit code 1', async () => {
    const ended = await run(`catalogue plan --catalogue "${dir}"`, [change('refused')]);
    expect(ended.exitCode).toBe(1);
    expect(ended.out).toContain('never agreed to it');
  });

  it('apply names the plan that was looked at, and waits until all of it is published', async () => {
    const line = `catalogue apply ${ID} --plan ${HASH} --wait`;
    const ended = await run(line, [change('running'), change('recorded'), change('done')]);
    expect(ended).toMatchObject({ exitCode: 0 });
    expect(server?.requests[0]).toMatchObject({
      route: `POST /v1/catalogue/changes/${ID}/apply`,
      body: { planHash: HASH },
    });
    await server?.close();
    expect((await run(`catalogue apply ${ID} --plan ${HASH}`, [change('running')])).exitCode).toBe(1);
    expect((await runCommand(`catalogue apply ${ID} --plan x`)).exitCode).toBe(2);
  });

  describe.each([
    ['plan', () => `catalogue plan --catalogue "${dir}"`, 'planning'],
    ['apply --wait', () => `catalogue apply ${ID} --plan ${HASH} --wait`, 'running'],
  ])('%s, when its --timeout is over', (_, line, state) => {
    it('ends with exit code 1 where the service is not through, and says how to ask again', async () => {
      const ended = await run(`${line()} --timeout 1`, [change(state)]);
      expect(ended.exitCode).toBe(1);
      expect(ended.out).toContain(`Follow it: consentctl catalogue show ${ID}`);
    });

    it('ends with exit code 3 where the service has gone away', async () => {
      const first = () => {
        void server?.close();
        return change(state);
      };
      server = await fakeServer({
        'POST /v1/catalogue/changes': () => change(state),
        [`POST /v1/catalogue/changes/${ID}/apply`]: () => change(state),
        [`GET /v1/catalogue/changes/${ID}`]: first,
      });
      const ended = await runCommand(`${line()} --timeout 1`, { CONSENT_URL: server.url });
      expect(ended.exitCode).toBe(3);
      expect(ended.err).toContain('waiting: ');
    });

    it('takes none that is no number of seconds', async () => {
      expect(await runCommand(`${line()} --timeout soon`)).toMatchObject({ exitCode: 2 });
    });
  });

  describe.each([
    ['without a rule for it', ['p'], 'build of directory-listing has no rule for p'],
    ['that does not say what it knows', null, 'Unknown whether directory-listing has a rule for p'],
  ])('of a version that names a running system %s', (_, missing, finding) => {
    const detail = `Found that ${finding}`;
    const pipeline = () =>
      fakePipeline({
        consent: {
          'POST /v1/catalogue/changes': () => change('planned', NAMED),
          [`GET /v1/catalogue/changes/${ID}`]: () => change('planned', NAMED),
          [`GET /v1/catalogue/changes/${ID}/handling`]: () => [
            { systemId: 'directory-listing', purposes: ['p'], missing },
          ],
          [`POST /v1/catalogue/changes/${ID}/apply`]: ({ body }) =>
            (body as { despite?: string }).despite
              ? change('done', NAMED)
              : status(409, { type: 'urn:consent:problem:catalogue-not-handled', detail }),
        },
      });

    it('plan says so, and how many decisions it will be told; exit code 1', async () => {
      const fake = await pipeline();
      const ended = await runCommand(`catalogue plan --catalogue "${dir}"`, fake.env);
      await fake.close();
      expect(ended.exitCode).toBe(1);
      expect(ended.out).toContain('4 decisions will be told to directory-listing, named anew for p');
      expect(ended.out).toContain(finding);
    });

    it('apply leaves it to the service, tells why it refuses, and passes on the reason to do it all the same; no system is asked', async () => {
      const fake = await pipeline();
      const line = `catalogue apply ${ID} --plan ${HASH}`;
      const refused = await runCommand(line, fake.env);
      expect(refused.exitCode).toBe(4);
      expect(refused.err).toContain(finding);
      const ended = await runCommand(`${line} --despite "the build follows tonight"`, fake.env);
      await fake.close();
      expect(ended.exitCode).toBe(0);
      expect(fake.consent.requests.map(({ body }) => body)).toEqual([
        { planHash: HASH },
        { planHash: HASH, despite: 'the build follows tonight' },
      ]);
      expect(fake.system.requests).toEqual([]);
    });
  });

  it('plan of a folder that is not there asks nothing of any server', async () => {
    expect(await runCommand(`catalogue plan --catalogue "${dir}/none"`)).toMatchObject({ exitCode: 2 });
  });
});
