import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { specClocks, type SpecClocks } from '../clocks/spec-clocks.js';
import { TOKENS } from '../spec-app.js';
import { edited, without } from './spec-change.js';

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
  const assess = async (id: string, outcome: string): Promise<{ status: number; body: Record<string, unknown> }> => {
    const { objectionId } = (await open()).find(({ subjectId }) => subjectId === id) ?? {};
    const body = { outcome, ground: 'founded' };
    return clocks.app.call('POST', `/v1/objections/${objectionId}/assessment`, { token: TOKENS.office, body });
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

  it('stays open under a consent that anybody may have asked for, until the person says no', async () => {
    const id = await submitted();
    await clocks.bringIntoForce(
      edited(
        PURPOSE,
        /legalBasis: .*\n.*\n.*([^]+)proofRetention: null/,
        'legalBasis: [consent]\n  choiceModel: opt-in\n  defaultAllowed: false$1proofRetention: P5Y',
      ),
    );
    await clocks.decide(id, { purposeId: PURPOSE, channel: 'web-sign-up' });
    expect(await open()).toMatchObject([{ subjectId: id }]);
    await clocks.decide(id, { purposeId: PURPOSE, status: 'refused' });
    expect(await open()).toEqual([]);
  });
});
