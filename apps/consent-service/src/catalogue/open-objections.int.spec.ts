import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { withTransaction } from '@consent/postgres';
import { specClocks, type SpecClocks } from '../clocks/spec-clocks.js';
import { aDecision, someFacts, TOKENS } from '../spec-app.js';
import { bringIntoForce } from './apply-change.js';
import { type CatalogueChange } from './read-change.js';
import { changeIn, edited, without } from './spec-change.js';

jest.setTimeout(60_000);

const PURPOSE = 'premises-camera-surveillance';
const YEAR = 365.25 * 86_400_000;

describe('a reasoned objection under assessment when a new version of the catalogue comes', () => {
  let clocks: SpecClocks;
  beforeEach(async () => {
    clocks = await specClocks();
  });
  afterEach(() => clocks.close());

  const submitted = async (): Promise<string> => {
    const id = await clocks.subject();
    await clocks.decide(id, { purposeId: PURPOSE, status: 'objection_submitted', channel: 'email-dpo' });
    return id;
  };
  const open = async (): Promise<{ objectionId: string; subjectId: string }[]> =>
    (
      await clocks.app.call<{ objectionId: string; subjectId: string }[]>('GET', '/v1/objections', {
        token: TOKENS.office,
      })
    ).body;
  const assess = async (
    id: string,
    outcome: string,
    token: string = TOKENS.office,
  ): Promise<{ status: number; body: Record<string, unknown> }> => {
    const { objectionId } = (await open()).find(({ subjectId }) => subjectId === id) ?? {};
    const body = { outcome, ground: 'founded' };
    return clocks.app.call('POST', `/v1/objections/${objectionId}/assessment`, { token, body });
  };

  it.each([
    ['upheld', 'objected'],
    ['rejected', 'objection_rejected'],
  ])('is answered also where its purpose is gone: %s, which opens nothing (C28, C02)', async (outcome, status) => {
    const id = await submitted();
    await clocks.bringIntoForce(without(PURPOSE));
    const permission = { allowed: false, reason: 'purpose_unknown' };
    expect(await assess(id, outcome)).toMatchObject({
      status: 201,
      body: { status, direction: 'closing', permission },
    });
    expect(await open()).toEqual([]);
    await clocks.run(Date.now() + 6 * YEAR);
    // Rejected it suppresses nothing, whatever comes back: its history has an end (C05).
    const { rows } = await clocks.app.sql.query('SELECT FROM proof_ended WHERE subject_id = $1', [id]);
    expect(rows).toHaveLength(outcome === 'rejected' ? 1 : 0);
  });

  it('is closed by an answer and by the person also where its purpose needs no reason any more (C28)', async () => {
    const [answered, lifted, objected] = [await submitted(), await submitted(), await submitted()];
    await clocks.bringIntoForce(edited(PURPOSE, /choiceModel: objection-motivated/, 'choiceModel: opt-out'));
    // Nobody has to be asked whether it is founded, nor has the caller to be another one (C84).
    await clocks.decide(objected, { purposeId: PURPOSE, status: 'objected' });
    expect(await assess(answered, 'upheld')).toMatchObject({ status: 201, body: { status: 'objected' } });
    await clocks.decide(lifted, { purposeId: PURPOSE, status: 'objection_lifted' });
    expect(await open()).toEqual([]);
  });

  const toOptIn = edited(
    PURPOSE,
    /legalBasis: .*\n.*\n.*([^]+)proofRetention: null/,
    'legalBasis: [consent]\n  choiceModel: opt-in\n  defaultAllowed: false$1proofRetention: P5Y',
  );
  const toNone = edited(
    PURPOSE,
    /legalBasis: .*\n.*\n.*/,
    'legalBasis: [legal-obligation]\n  choiceModel: none\n  defaultAllowed: null',
  );

  it.each([
    ['upheld', { status: 'objected', permission: { allowed: false, reason: 'objected' } }],
    ['rejected', { status: 'objection_rejected', permission: { allowed: false, reason: 'closed_by_default' } }],
  ])(
    'is answered where its purpose is opt-in now: %s, by someone else, which opens nothing (C28)',
    async (outcome, answer) => {
      const id = await submitted();
      const again = aDecision({ subjectId: id, purposeId: PURPOSE, status: 'objection_submitted' });
      await clocks.app.call('POST', '/v1/decisions', { token: TOKENS.authority, body: again });
      await clocks.bringIntoForce(toOptIn);
      expect(await assess(id, outcome, TOKENS.authority)).toMatchObject({
        body: { type: 'urn:consent:problem:assessor-recorded-objection' },
      });
      expect(await assess(id, outcome)).toMatchObject({ status: 201, body: answer });
      expect(await open()).toEqual([]);
    },
  );

  it('holds up a purpose that is to need no choice, from before the plan and since it, until it is rejected', async () => {
    const { app } = clocks;
    const planned = async (): Promise<CatalogueChange> => {
      const { body } = await app.call<CatalogueChange>('POST', '/v1/catalogue/changes', { body: { files: toNone } });
      return changeIn(app, body.changeId, ['planned', 'refused']);
    };
    const apply = ({ changeId, planHash }: CatalogueChange) =>
      app.call('POST', `/v1/catalogue/changes/${changeId}/apply`, { body: { planHash } });
    const before = await planned();
    const id = await submitted();
    expect(await planned()).toMatchObject({ state: 'refused', planned: { [PURPOSE]: { withheld: 1 } } });
    expect(await apply(before)).toMatchObject({
      status: 409,
      body: { type: 'urn:consent:problem:catalogue-plan-outdated' },
    });
    // Said between the look at the ledger and the transaction that holds the fence.
    const { changeId, planHash } = before;
    const late = withTransaction(clocks.dataSource, (tx) =>
      bringIntoForce(tx, changeId, { planHash: planHash ?? '' }, 'web', new Date()),
    );
    await expect(late).rejects.toMatchObject({ type: 'catalogue-plan-outdated' });
    await assess(id, 'rejected');
    // What a rule closes since is no word of the person: the run opens it, and tells.
    const facts = someFacts({ brand: 'mobile-vikings' });
    expect(await app.call('PUT', `/v1/subjects/${id}/facts`, { body: facts })).toMatchObject({ status: 200 });
    expect(await apply(before)).toMatchObject({ status: 200 });
    const recorded = { [PURPOSE]: { opening: 1, withheld: 0 } };
    expect(await changeIn(app, before.changeId, ['recorded', 'done'])).toMatchObject({ recorded });
  });

  it('stays under assessment while a consent is asked for, which anybody may have done, and ends with an answer, a no or the yes', async () => {
    const [confirming, answered, refusing] = [await submitted(), await submitted(), await submitted()];
    await clocks.bringIntoForce(toOptIn);
    const requests = [confirming, answered, refusing].map((subjectId) =>
      clocks.app.call<{ decisionId: string }>('POST', '/v1/decisions', {
        body: aDecision({ subjectId, purposeId: PURPOSE, channel: 'web-sign-up' }),
      }),
    );
    const [request] = await Promise.all(requests);
    const reason = 'objection_under_assessment';
    expect(request?.body).toMatchObject({ status: 'requested', effective: false, permission: { reason } });
    expect(await open()).toHaveLength(3);
    await clocks.decide(refusing, { purposeId: PURPOSE, status: 'refused' });
    expect(await assess(answered, 'rejected')).toMatchObject({ status: 201, body: { permission: { allowed: false } } });
    expect(
      await clocks.app.call('POST', `/v1/decisions/${request?.body.decisionId}/confirmation`, {
        body: { channel: 'confirmation-link' },
      }),
    ).toMatchObject({ status: 201, body: { status: 'given', permission: { allowed: true } } });
    expect(await open()).toEqual([]);
  });

  it.each([
    ['opt-in', toOptIn, 'withdrawn'],
    ['opt-out', edited(PURPOSE, /choiceModel: objection-motivated/, 'choiceModel: opt-out'), 'objected'],
  ] as const)(
    'is closed by a no to everything where its purpose is %s now: neither a confirmation nor an answer opens it later (C22)',
    async (model, files, no) => {
      const { app } = clocks;
      const id = await submitted();
      await clocks.bringIntoForce(
        files.map(({ name, text }) => ({
          name,
          text: name.includes('bundles')
            ? text.replace(/(- id: withdraw-all[^]*?purposes:\n)/, `$1    - ${PURPOSE}\n`)
            : text,
        })),
      );
      const asked =
        model === 'opt-in' &&
        (await app.call<{ decisionId: string }>('POST', '/v1/decisions', {
          body: aDecision({ subjectId: id, purposeId: PURPOSE, channel: 'web-sign-up' }),
        }));
      const bundle = { subjectId: id, kind: 'withdraw-all', channel: 'myproximus-web' };
      expect(await app.call('POST', '/v1/bundles', { body: bundle })).toMatchObject({ status: 201 });
      if (asked)
        expect(
          await app.call('POST', `/v1/decisions/${asked.body.decisionId}/confirmation`, {
            body: { channel: 'confirmation-link' },
          }),
        ).toMatchObject({ status: 409, body: { type: 'urn:consent:problem:confirmation-not-awaited' } });
      expect(await open()).toEqual([]);
      const may = await app.call('GET', `/v1/subjects/${id}/permissions?purpose=${PURPOSE}`);
      expect(may.body).toMatchObject([{ allowed: false, reason: no }]);
    },
  );
});
