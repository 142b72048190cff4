import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applyAnyway, holdBack, systemDatabase, type SystemDatabase } from '@consent/decision-consumer/kit';
import { type ConsentDecision } from '@consent/events';
import { withTransaction } from '@consent/postgres';
import { drawTargetList, targetListEntries } from './draw-target-list.js';
import { handler } from './handler.js';
import { migrations } from './migrations.js';
import { type Channel } from './on-decision.js';
import { type Purpose, PURPOSES } from './purposes.js';
import { decision } from './spec-decision.js';

describe('what marketing does, in its own tables', () => {
  let db: SystemDatabase;
  beforeAll(async () => {
    db = await systemDatabase(migrations);
  });
  afterAll(() => db?.drop());

  const decide = (...decisions: ConsentDecision[]) =>
    withTransaction(db.dataSource, (tx) => applyAnyway(tx, handler(), decisions));
  const stateOf = (subjectId: string) => db.effectiveState(subjectId);
  const draw = async (purposeId: Purpose, channel: Channel) => {
    const targetListId = randomUUID();
    await drawTargetList(db.dataSource, { targetListId, campaign: 'spring', purposeId, channel });
    return targetListId;
  };
  const standing = async (targetListId: string, subjectId: string) => {
    const entries = await targetListEntries(db.dataSource, { targetListId, limit: 100_000 });
    return entries?.filter((entry) => entry.subjectId === subjectId);
  };
  const scoresOf = (subjectId: string) =>
    db.dataSource.query<object[]>('SELECT source, score FROM interest_score WHERE subject_id = $1 ORDER BY source', [
      subjectId,
    ]);

  it('joins and leaves an audience, with the version of each', async () => {
    const subjectId = randomUUID();
    const opening = person(subjectId, 'customer-direct-marketing', 'opening', 1);
    expect(await decide(opening)).toEqual([{ decisionId: opening.decisionId, effect: 'audiences joined', count: 1 }]);
    expect(await decide(opening)).toEqual([]);
    const closing = person(subjectId, 'customer-direct-marketing', 'closing', 2);
    expect(await decide(closing)).toEqual([{ decisionId: closing.decisionId, effect: 'audiences left', count: 1 }]);
    expect(await decide(closing)).toEqual([]);
    expect(await stateOf(subjectId)).toMatchObject([{ allowed: false, version: '2' }]);
  });

  it('begins one score for each source, and deletes those of a source that closes and no others', async () => {
    const subjectId = randomUUID();
    const opening = person(subjectId, 'tailored-offers-service-usage', 'opening', 1);
    await decide(person(subjectId, 'market-research-participation', 'opening', 2));
    expect(await decide(opening)).toEqual([
      { decisionId: opening.decisionId, effect: 'score sources opened', count: 1 },
      { decisionId: opening.decisionId, effect: 'interest scores begun', count: 3 },
    ]);
    expect(await decide(opening)).toEqual([]);
    const closing = person(subjectId, 'tailored-offers-service-usage', 'closing', 3);
    expect(await decide(closing)).toEqual([
      { decisionId: closing.decisionId, effect: 'score sources closed', count: 1 },
      { decisionId: closing.decisionId, effect: 'interest scores deleted', count: 3 },
    ]);
    expect(await scoresOf(subjectId)).toEqual([{ source: 'survey', score: 5 }]);
  });

  it('leaves no segment and no score after an objection to segmentation', async () => {
    const subjectId = randomUUID();
    await decide(
      person(subjectId, 'customer-base-segmentation', 'opening', 1),
      person(subjectId, 'tailored-offers-web-app-usage', 'opening', 2),
      person(subjectId, 'loyalty-programme-participation', 'opening', 3),
    );
    const closing = person(subjectId, 'customer-base-segmentation', 'closing', 4);
    expect(await decide(closing)).toEqual([
      { decisionId: closing.decisionId, effect: 'segments left', count: 1 },
      { decisionId: closing.decisionId, effect: 'interest scores deleted', count: 2 },
    ]);
    expect(await scoresOf(subjectId)).toEqual([]);
  });

  it('answers for a source that opens and closes while segmentation is closed and has no score', async () => {
    const subjectId = randomUUID();
    await decide(person(subjectId, 'customer-base-segmentation', 'closing', 1));
    for (const [direction, version] of [
      ['opening', 2],
      ['closing', 3],
    ] as const) {
      const made = person(subjectId, 'tailored-offers-web-app-usage', direction, version);
      const effect = direction === 'opening' ? 'score sources opened' : 'score sources closed';
      expect(await decide(made)).toEqual([{ decisionId: made.decisionId, effect, count: 1 }]);
      expect(await decide(made)).toEqual([]);
      expect(await scoresOf(subjectId)).toEqual([]);
    }
  });

  it.each(['one after the other', 'in one call'])(
    'has no score while segmentation is closed and begins them when it opens, decided %s',
    async (how) => {
      const subjectId = randomUUID();
      const source = person(subjectId, 'tailored-offers-web-app-usage', 'opening', 2);
      const objection = person(subjectId, 'customer-base-segmentation', 'closing', 3);
      const lifted = person(subjectId, 'customer-base-segmentation', 'opening', 4);
      if (how === 'in one call') await decide(source, objection);
      else for (const made of [source, objection]) await decide(made);
      expect(await scoresOf(subjectId)).toEqual([]);
      await decide(lifted);
      expect(await scoresOf(subjectId)).toEqual([{ source: 'web-app-usage', score: 5 }]);
    },
  );

  it('keeps only the sources that a narrower grant names', async () => {
    const subjectId = randomUUID();
    await decide(person(subjectId, 'tailored-offers-service-usage', 'opening', 1));
    const narrower = person(subjectId, 'tailored-offers-service-usage', 'opening', 2);
    expect(await decide({ ...narrower, attributes: { dataSource: 'tv-viewing' } })).toEqual([
      { decisionId: narrower.decisionId, effect: 'interest scores deleted', count: 2 },
    ]);
    expect(await scoresOf(subjectId)).toEqual([{ source: 'tv-viewing', score: 5 }]);
  });

  it('draws only people whose purpose and channel are both open, and keeps the versions relied on', async () => {
    const [open, noPurpose, noChannel] = [randomUUID(), randomUUID(), randomUUID()];
    const address = randomUUID();
    await decide(
      person(open, 'customer-newsletter', 'opening', 1),
      channel(open, 'contact-by-email', address, 'opening', 2),
      person(noPurpose, 'customer-newsletter', 'closing', 1),
      channel(noPurpose, 'contact-by-email', randomUUID(), 'opening', 2),
      person(noChannel, 'customer-newsletter', 'opening', 1),
      channel(noChannel, 'contact-by-email', randomUUID(), 'closing', 2),
    );
    const list = await draw('customer-newsletter', 'email');
    expect(await standing(list, open)).toEqual([
      { subjectId: open, contactPointId: address, version: 1, channelVersion: 2 },
    ]);
    expect(await standing(list, noPurpose)).toEqual([]);
    expect(await standing(list, noChannel)).toEqual([]);
  });

  it('takes a person who objects off the lists drawn already', async () => {
    const subjectId = randomUUID();
    await decide(
      person(subjectId, 'customer-direct-marketing', 'opening', 1),
      channel(subjectId, 'contact-by-sms', randomUUID(), 'opening', 2),
    );
    const list = await draw('customer-direct-marketing', 'sms');
    expect(await standing(list, subjectId)).toHaveLength(1);
    const closing = person(subjectId, 'customer-direct-marketing', 'closing', 3);
    expect(await decide(closing)).toEqual([
      { decisionId: closing.decisionId, effect: 'audiences left', count: 1 },
      { decisionId: closing.decisionId, effect: 'target list entries removed', count: 1 },
    ]);
    expect(await decide(closing)).toEqual([]);
    expect(await standing(list, subjectId)).toEqual([]);
  });

  it('closes one channel on one contact point: off its lists, the other channel stays', async () => {
    const subjectId = randomUUID();
    const mobile = randomUUID();
    await decide(
      person(subjectId, 'ex-customer-winback', 'opening', 1),
      channel(subjectId, 'contact-by-sms', mobile, 'opening', 2),
      channel(subjectId, 'contact-by-phone', mobile, 'opening', 3),
    );
    const bySms = await draw('ex-customer-winback', 'sms');
    const byPhone = await draw('ex-customer-winback', 'phone');
    const stop = channel(subjectId, 'contact-by-sms', mobile, 'closing', 4);
    expect(await decide(stop)).toEqual([
      { decisionId: stop.decisionId, effect: 'channels closed', count: 1 },
      { decisionId: stop.decisionId, effect: 'target list entries removed', count: 1 },
    ]);
    expect(await standing(bySms, subjectId)).toEqual([]);
    expect(await standing(byPhone, subjectId)).toHaveLength(1);
  });

  it('recognises and forgets a visitor on one device', async () => {
    const subjectId = randomUUID();
    const [laptop, phone] = [randomUUID(), randomUUID()].sort();
    const login = (scopeId: string | undefined, direction: 'opening' | 'closing', version: number) =>
      decision('website-login-offers', direction, { subjectId, level: 'device', version, ...(scopeId && { scopeId }) });
    await decide(login(laptop, 'opening', 1), login(phone, 'opening', 2));
    expect(await decide(login(laptop, 'closing', 3))).toMatchObject([{ effect: 'devices forgotten' }]);
    expect(await stateOf(subjectId)).toMatchObject([
      { scope_id: laptop, allowed: false, version: '3' },
      { scope_id: phone, allowed: true, version: '2' },
    ]);
  });

  it('draws nobody who is held back, whatever the audience says', async () => {
    const subjectId = randomUUID();
    await decide(
      person(subjectId, 'prospect-newsletter', 'opening', 1),
      channel(subjectId, 'contact-by-email', randomUUID(), 'opening', 2),
    );
    await holdBack(db.dataSource, subjectId);
    expect(await standing(await draw('prospect-newsletter', 'email'), subjectId)).toEqual([]);
  });

  it.each(['prospect-newsletter', 'contact-by-email'])(
    'shows nobody on a list drawn already while %s is held back, and again when it is released',
    async (purposeId) => {
      const [subjectId, address] = [randomUUID(), randomUUID()];
      await decide(
        person(subjectId, 'prospect-newsletter', 'opening', 1),
        channel(subjectId, 'contact-by-email', address, 'opening', 2),
      );
      const list = await draw('prospect-newsletter', 'email');
      const scopeId = purposeId === 'contact-by-email' ? address : subjectId;
      const release = await holdBack(db.dataSource, subjectId, { scopeId, purposeId });
      expect(await standing(list, subjectId)).toEqual([]);
      await release();
      expect(await standing(list, subjectId)).toHaveLength(1);
    },
  );

  it.each(PURPOSES)('shows in its effective state what it holds and at which version: %s', async (purpose) => {
    const subjectId = randomUUID();
    await decide(person(subjectId, purpose, 'opening', 1));
    expect(await stateOf(subjectId)).toMatchObject([{ purpose_id: purpose, allowed: true, version: '1' }]);
    await decide(person(subjectId, purpose, 'closing', 2));
    expect(await stateOf(subjectId)).toMatchObject([{ purpose_id: purpose, allowed: false, version: '2' }]);
  });

  it('takes the newest of several effects on one audience in one call', async () => {
    const subjectId = randomUUID();
    const decisions = [4, 9, 6].map((version) => person(subjectId, 'customer-newsletter', 'opening', version));
    expect(await decide(...decisions)).toMatchObject([{ decisionId: decisions[1]?.decisionId }]);
    expect(await stateOf(subjectId)).toMatchObject([{ version: '9' }]);
  });

  it('writes a thousand memberships in one statement', async () => {
    const subjects = Array.from({ length: 1_000 }, () => randomUUID() as string);
    const all = (direction: 'opening' | 'closing', version: number) =>
      subjects.map((subjectId) => person(subjectId, 'customer-newsletter', direction, version));
    expect(await decide(...all('opening', 1))).toHaveLength(1_000);
    expect(await decide(...all('closing', 2))).toHaveLength(1_000);
  });
});

const person = (subjectId: string, purpose: string, direction: 'opening' | 'closing', version: number) =>
  decision(purpose, direction, { subjectId, scopeId: subjectId, version });
const channel = (
  subjectId: string,
  purpose: string,
  scopeId: string,
  direction: 'opening' | 'closing',
  version: number,
) => decision(purpose, direction, { subjectId, scopeId, level: 'contact_point', version });
