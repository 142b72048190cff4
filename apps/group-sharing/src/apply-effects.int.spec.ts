import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { decisionConsumerMigrations, type EffectRow } from '@consent/decision-consumer';
import { type ConsentDecision } from '@consent/events';
import { createDataSource, type Transaction, withTransaction } from '@consent/postgres';
import { testDatabase, type TestDatabase } from '@consent/testing';
import { type DataSource } from 'typeorm';
import { applyEffects } from './apply-effects.js';
import { deliver, deliveredContacts, type SharedPurpose } from './deliver.js';
import { migrations } from './migrations.js';
import { onDecision, type SharingEffect } from './on-decision.js';
import { decision, guard } from './spec-decision.js';

describe('what group sharing does, in its own tables', () => {
  let database: TestDatabase;
  let dataSource: DataSource;
  beforeAll(async () => {
    database = await testDatabase({ migrations: [decisionConsumerMigrations, ...migrations] });
    dataSource = await createDataSource({ url: database.appUrl, applicationName: 'spec' }).initialize();
  });
  afterAll(async () => {
    await dataSource?.destroy();
    await database?.drop();
  });

  const decide = (...decisions: ConsentDecision[]) => withTransaction(dataSource, (tx) => decideIn(tx, decisions));
  const stateOf = (subjectId: string) =>
    dataSource.query<{ allowed: boolean; version: string }[]>(
      `SELECT scope_id, purpose_id, allowed, version FROM effective_state
       WHERE subject_id = $1 ORDER BY purpose_id, scope_id`,
      [subjectId],
    );
  const delivered = async (purposeId: SharedPurpose, affiliate = 'affiliate-a') => {
    const deliveryId = randomUUID();
    await deliver(dataSource, { deliveryId, affiliate, purposeId });
    return (await deliveredContacts(dataSource, { deliveryId, limit: 100_000 })) ?? [];
  };
  const messagesFor = (subjectId: string) =>
    dataSource.query<{ affiliate: string }[]>(
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
    await dataSource.query('UPDATE decision_state SET held_back = true WHERE subject_id = $1', [subjectId]);
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

/** Writes the guard's rows and runs the effects of one kind in one call, as the consumer does. */
async function decideIn(tx: Transaction, decisions: readonly ConsentDecision[]): Promise<EffectRow[]> {
  const rows: EffectRow[] = [];
  for (const made of decisions) await guard(tx, made);
  const effects = decisions.flatMap((made) => onDecision(made));
  for (const kind of Object.keys(applyEffects) as SharingEffect['kind'][]) {
    const ofKind = effects.filter((effect) => effect.kind === kind);
    const apply = applyEffects[kind] as (tx: Transaction, effects: readonly SharingEffect[]) => Promise<EffectRow[]>;
    if (ofKind.length > 0) rows.push(...(await apply(tx, ofKind)));
  }
  return rows;
}
