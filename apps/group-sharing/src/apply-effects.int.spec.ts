import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applyAnyway, holdBack, systemDatabase, type SystemDatabase } from '@consent/decision-consumer/kit';
import { type ConsentDecision } from '@consent/events';
import { withTransaction } from '@consent/postgres';
import { deliver, deliveredContacts, type SharedPurpose } from './deliver.js';
import { handler } from './handler.js';
import { migrations } from './migrations.js';
import { decision } from './spec-decision.js';

describe('what group sharing does, in its own tables', () => {
  let db: SystemDatabase;
  beforeAll(async () => {
    db = await systemDatabase(migrations);
  });
  afterAll(() => db?.drop());

  const decide = (...decisions: ConsentDecision[]) =>
    withTransaction(db.dataSource, (tx) => applyAnyway(tx, handler(), decisions));
  const stateOf = (subjectId: string) => db.effectiveState(subjectId);
  const delivered = async (purposeId: SharedPurpose, affiliate = 'affiliate-a') => {
    const deliveryId = randomUUID();
    await deliver(db.dataSource, { deliveryId, affiliate, purposeId });
    return (await deliveredContacts(db.dataSource, { deliveryId, limit: 100_000 })) ?? [];
  };
  const messagesFor = (subjectId: string) =>
    db.dataSource.query<{ affiliate: string }[]>(
      `SELECT affiliate, contact_point_id, decision_id, state FROM stop_message
       WHERE subject_id = $1 ORDER BY stop_message_id`,
      [subjectId],
    );

  it('puts a person on the list and takes the person off it, with the version of each', async () => {
    const subjectId = randomUUID();
    const opening = affiliates(subjectId, 'opening', 1);
    expect(await decide(opening)).toEqual([{ decisionId: opening.decisionId, effect: 'contacts shared', count: 1 }]);
    expect(await stateOf(subjectId)).toMatchObject([{ allowed: true, version: '1' }]);
    const closing = affiliates(subjectId, 'closing', 2);
    expect(await decide(closing)).toEqual([
      { decisionId: closing.decisionId, effect: 'contacts taken off the list', count: 1 },
    ]);
    expect(await stateOf(subjectId)).toMatchObject([{ allowed: false, version: '2' }]);
  });

  it('changes nothing when an effect runs again', async () => {
    const subjectId = randomUUID();
    const opening = affiliates(subjectId, 'opening', 1);
    await decide(opening);
    expect(await decide(opening)).toEqual([]);
    const closing = affiliates(subjectId, 'closing', 2);
    await decide(closing);
    expect(await decide(closing)).toEqual([]);
    expect(await stateOf(subjectId)).toHaveLength(1);
  });

  it('keeps the version of an opt-out of a person who was on no list', async () => {
    const subjectId = randomUUID();
    expect(await decide(affiliates(subjectId, 'closing', 3))).toEqual([]);
    expect(await stateOf(subjectId)).toMatchObject([{ allowed: false, version: '3' }]);
  });

  it('hands over for calling only open numbers of people on the list', async () => {
    const subjectId = randomUUID();
    const [open, closed] = [randomUUID(), randomUUID()];
    await decide(
      affiliates(subjectId, 'opening', 1),
      phone(subjectId, open, 'opening', 2),
      phone(subjectId, closed, 'closing', 3),
    );
    const contacts = await delivered('group-affiliate-phone-marketing');
    expect(contacts.filter((contact) => contact.subjectId === subjectId)).toEqual([
      { subjectId, contactPointId: open, version: 1, stopped: false },
    ]);
  });

  it('writes one stop message for each affiliate that received a person who opts out, once', async () => {
    const subjectId = randomUUID();
    await decide(affiliates(subjectId, 'opening', 1), phone(subjectId, randomUUID(), 'opening', 2));
    for (const affiliate of ['affiliate-a', 'affiliate-b', 'affiliate-b'])
      await delivered('group-affiliate-phone-marketing', affiliate);
    const closing = affiliates(subjectId, 'closing', 3);
    expect(await decide(closing)).toEqual([
      { decisionId: closing.decisionId, effect: 'contacts taken off the list', count: 1 },
      { decisionId: closing.decisionId, effect: 'affiliates to be told to stop', count: 2 },
    ]);
    expect(await decide(closing)).toEqual([]);
    const told = { contact_point_id: null, decision_id: closing.decisionId, state: 'due' };
    expect((await messagesFor(subjectId)).sort(byAffiliate)).toEqual([
      { affiliate: 'affiliate-a', ...told },
      { affiliate: 'affiliate-b', ...told },
    ]);
    expect((await delivered('group-affiliate-phone-marketing')).map((contact) => contact.subjectId)).not.toContain(
      subjectId,
    );
  });

  it('tells affiliates to stop calling a number that closes, and leaves the person on the list', async () => {
    const subjectId = randomUUID();
    const [first, second] = [randomUUID(), randomUUID()];
    await decide(
      affiliates(subjectId, 'opening', 1),
      phone(subjectId, first, 'opening', 2),
      phone(subjectId, second, 'opening', 3),
    );
    await delivered('group-affiliate-phone-marketing');
    const closing = phone(subjectId, first, 'closing', 4);
    expect(await decide(closing)).toContainEqual({
      decisionId: closing.decisionId,
      effect: 'affiliates to be told to stop',
      count: 1,
    });
    expect(await messagesFor(subjectId)).toMatchObject([{ affiliate: 'affiliate-a', contact_point_id: first }]);
    const contacts = await delivered('group-affiliate-phone-marketing');
    expect(contacts.filter((contact) => contact.subjectId === subjectId)).toMatchObject([{ contactPointId: second }]);
  });

  it('shares event contacts without a number, and tells affiliates when the event consent ends', async () => {
    const subjectId = randomUUID();
    await decide(decision('event-participation', 'opening', { subjectId, scopeId: subjectId }));
    expect((await delivered('event-participation')).filter((contact) => contact.subjectId === subjectId)).toMatchObject(
      [{ contactPointId: null }],
    );
    await decide(decision('event-participation', 'closing', { subjectId, scopeId: subjectId, version: 2 }));
    expect(await messagesFor(subjectId)).toHaveLength(1);
  });

  it('hands over nothing that is held back, whatever the list says', async () => {
    const subjectId = randomUUID();
    await decide(decision('event-lead-marketing', 'opening', { subjectId, scopeId: subjectId }));
    await holdBack(db.dataSource, subjectId);
    expect((await delivered('event-lead-marketing')).map((contact) => contact.subjectId)).not.toContain(subjectId);
  });

  it('takes the newest of several effects on one contact in one call', async () => {
    const subjectId = randomUUID();
    const decisions = [4, 9, 6].map((version) => affiliates(subjectId, 'opening', version));
    expect(await decide(...decisions)).toEqual([
      { decisionId: decisions[1]?.decisionId, effect: 'contacts shared', count: 1 },
    ]);
    expect(await stateOf(subjectId)).toMatchObject([{ version: '9' }]);
  });

  it('writes a thousand contacts in one statement', async () => {
    const subjects = Array.from({ length: 1_000 }, () => randomUUID() as string);
    expect(await decide(...subjects.map((subjectId) => affiliates(subjectId, 'opening', 1)))).toHaveLength(1_000);
    expect(await decide(...subjects.map((subjectId) => affiliates(subjectId, 'closing', 2)))).toHaveLength(1_000);
  });
});

const affiliates = (subjectId: string, direction: 'opening' | 'closing', version: number) =>
  decision('group-affiliate-phone-marketing', direction, { subjectId, scopeId: subjectId, version });
const phone = (subjectId: string, scopeId: string, direction: 'opening' | 'closing', version: number) =>
  decision('contact-by-phone', direction, { subjectId, scopeId, level: 'contact_point', version });
const byAffiliate = (a: { affiliate: string }, b: { affiliate: string }) => a.affiliate.localeCompare(b.affiliate);
