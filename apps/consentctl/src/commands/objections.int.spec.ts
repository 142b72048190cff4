import { afterEach, describe, expect, it } from '@jest/globals';
import { type FakePipeline, fakePipeline, recorded, uuid } from '../spec/fake-pipeline.js';
import { type Routes, status } from '../spec/fake-server.js';
import { runCommand } from '../spec/run-command.js';

const ID = uuid(1);
const objection = (n: number, more: object = {}) => ({
  objectionId: uuid(n),
  subjectId: uuid(900),
  scope: { level: 'person', id: uuid(900) },
  purposeId: 'office-visitor-management',
  recordedBy: ['letter-desk'],
  receivedAt: '2026-11-24T12:00:00.000Z',
  completeAt: null,
  replyBy: '2026-12-24T12:00:00.000Z',
  promisedBy: null,
  overdue: false,
  extension: null,
  closed: null,
  ...more,
});

describe('Reasoned objections', () => {
  let pipeline: FakePipeline | undefined;
  afterEach(() => pipeline?.close());
  const run = async (line: string, consent: Routes = {}) => {
    pipeline = await fakePipeline({ consent });
    return { ...(await runCommand(line, pipeline.env)), requests: pipeline.consent.requests };
  };
  const list = { 'GET /v1/objections': () => [objection(2, { overdue: true }), objection(1)] };

  it('are listed by the date of their reply, and say what is overdue', async () => {
    const ended = await run('objections list', list);
    expect(ended.exitCode).toBe(0);
    expect(ended.out).toMatch(/^2 open objections, 1 overdue/);
    expect(ended.out).toContain('2026-12-24T12:00:00.000Z OVERDUE');
    expect(ended.out.indexOf(uuid(2))).toBeLessThan(ended.out.indexOf(uuid(1)));
  });

  it('that are overdue end a check with exit code 1, in JSON too', async () => {
    const ended = await run('objections list --check --json', list);
    expect(ended).toMatchObject({ exitCode: 1 });
    expect(ended.json()).toMatchObject({
      overdue: 1,
      objections: [{ objectionId: uuid(2) }, { objectionId: uuid(1) }],
    });
  });

  it('that were closed are another list', async () => {
    const closed = { at: '2026-11-25T12:00:00.000Z', outcome: 'objected', by: 'office', ground: 'founded' };
    const ended = await run('objections list --closed', { 'GET /v1/objections': () => [objection(1, { closed })] });
    expect(ended.requests[0]?.query.get('state')).toBe('closed');
    expect(ended.out).toContain('objected by office');
  });

  it('are answered with an outcome and a ground', async () => {
    const ended = await run(`objections assess ${ID} --uphold --ground founded`, {
      [`POST /v1/objections/${ID}/assessment`]: () => recorded(7, { status: 'objected' }),
    });
    expect(ended.exitCode).toBe(0);
    expect(ended.out).toContain('upheld: directory-inclusion is objected, not allowed');
    expect(ended.requests).toMatchObject([{ body: { outcome: 'upheld', ground: 'founded' } }]);
    expect(ended.requests[0]?.headers['idempotency-key']).toBeDefined();
  });

  it('cannot be answered by who recorded them: exit code 4, with the reason', async () => {
    const ended = await run(`objections assess ${ID} --reject --ground compelling-grounds`, {
      [`POST /v1/objections/${ID}/assessment`]: () =>
        status(403, {
          detail: 'office recorded this objection',
          openTransitions: [{ status: 'objection_rejected', causes: ['operator'] }],
        }),
    });
    expect(ended).toMatchObject({
      exitCode: 4,
      err: expect.stringMatching(/\(403\): office recorded this objection$/m) as unknown,
    });
  });

  it('are extended with a reason and the time at which the person was told', async () => {
    const extension = { reason: 'complexity', notifiedAt: '2026-11-24T13:00:00.000Z', extendedBy: 'office' };
    const ended = await run(`objections extend ${ID} --reason complexity --notified 2026-11-24T14:00:00+01:00`, {
      [`POST /v1/objections/${ID}/extension`]: () => objection(1, { extension }),
    });
    expect(ended.out).toContain('complexity, told on 2026-11-24T13:00:00.000Z');
    expect(ended.requests).toMatchObject([{ body: { reason: 'complexity', notifiedAt: '2026-11-24T13:00:00.000Z' } }]);
  });

  it('become complete now, or when it is said', async () => {
    const done = {
      [`POST /v1/objections/${ID}/completion`]: () => objection(1, { promisedBy: '2027-01-01T00:00:00.000Z' }),
    };
    expect((await run(`objections complete ${ID}`, done)).out).toContain('promised   2027-01-01');
    expect(pipeline?.consent.requests).toMatchObject([{ body: {} }]);
  });

  it.each([
    `objections assess ${ID} --ground founded`,
    `objections assess ${ID} --uphold --reject --ground founded`,
    `objections assess ${ID} --uphold --ground Because!`,
    `objections assess ${ID} --uphold`,
    `objections extend ${ID} --reason holiday`,
    `objections extend ${ID} --reason complexity --notified 2999-01-01T00:00:00Z`,
    'objections show 17',
  ])('%s asks no server: exit code 2', async (line) => {
    const ended = await run(line);
    expect(ended).toMatchObject({ exitCode: 2, requests: [] });
  });
});
