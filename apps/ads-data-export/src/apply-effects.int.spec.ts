import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applyAnyway, holdBack, systemDatabase, type SystemDatabase } from '@consent/decision-consumer/kit';
import { type ConsentDecision } from '@consent/events';
import { withTransaction } from '@consent/postgres';
import { deliver, deliveredRecords, recipientsOf } from './deliver.js';
import { handler } from './handler.js';
import { migrations } from './migrations.js';
import { type Stream } from './on-decision.js';
import { decision } from './spec-decision.js';

describe('what the exporter does, in its own tables', () => {
  let db: SystemDatabase;
  beforeAll(async () => {
    db = await systemDatabase(migrations);
  });
  afterAll(() => db?.drop());

  const decide = (...decisions: ConsentDecision[]) =>
    withTransaction(db.dataSource, (tx) => applyAnyway(tx, handler(), decisions));
  const stateOf = (subjectId: string) => db.effectiveState(subjectId);
  const delivered = async (stream: Stream, recipient: string) => {
    const deliveryId = randomUUID();
    await deliver(db.dataSource, { deliveryId, stream, recipient });
    return (await deliveredRecords(db.dataSource, { deliveryId, limit: 100_000 })) ?? [];
  };
  const pseudonymOf = async (subjectId: string) => {
    const [row] = await db.dataSource.query<{ pseudonym: string | null }[]>(
      'SELECT pseudonym FROM export_membership WHERE subject_id = $1',
      [subjectId],
    );
    return row?.pseudonym;
  };
  const recordOf = async (subjectId: string, stream: Stream, recipient: string) => {
    const pseudonym = await pseudonymOf(subjectId);
    return (await delivered(stream, recipient)).find((record) => record.pseudonym === pseudonym);
  };
  const revocationsBy = ({ decisionId }: ConsentDecision) =>
    db.dataSource.query<object[]>(
      'SELECT pseudonym, recipient, state FROM revocation WHERE decision_id = $1 ORDER BY recipient',
      [decisionId],
    );

  it('begins and ends a membership, with the version of each', async () => {
    const subjectId = randomUUID();
    const opening = web(subjectId, 'opening', 1);
    expect(await decide(opening)).toEqual([
      { decisionId: opening.decisionId, effect: 'export memberships begun', count: 1 },
    ]);
    expect(await stateOf(subjectId)).toMatchObject([{ allowed: true, version: '1' }]);
    const closing = web(subjectId, 'closing', 2);
    expect(await decide(closing)).toEqual([
      { decisionId: closing.decisionId, effect: 'export memberships ended', count: 1 },
    ]);
    expect(await stateOf(subjectId)).toMatchObject([{ allowed: false, version: '2' }]);
  });

  it('keeps the pseudonym of a repeated grant, and gives a new one after a withdrawal', async () => {
    const subjectId = randomUUID();
    await decide(web(subjectId, 'opening', 1));
    const first = await pseudonymOf(subjectId);
    expect(await decide(web(subjectId, 'opening', 2))).toEqual([]);
    expect(await pseudonymOf(subjectId)).toBe(first);
    await decide(web(subjectId, 'closing', 3));
    await decide(web(subjectId, 'opening', 4));
    expect(await pseudonymOf(subjectId)).not.toBe(first);
  });

  it('revokes a delivered record once at each recipient, whatever is delivered or replayed again', async () => {
    const subjectId = randomUUID();
    await decide(television(subjectId, 'opening', 1));
    const pseudonym = await pseudonymOf(subjectId);
    for (const recipient of ['ads-and-data', 'dpg-media', 'dpg-media']) await delivered('television', recipient);
    const closing = television(subjectId, 'closing', 2);
    expect(await decide(closing)).toEqual([
      { decisionId: closing.decisionId, effect: 'export memberships ended', count: 1 },
      { decisionId: closing.decisionId, effect: 'recipients to be told to drop the record', count: 2 },
    ]);
    expect(await decide(closing)).toEqual([]);
    expect(await revocationsBy(closing)).toEqual([
      { pseudonym, recipient: 'ads-and-data', state: 'due' },
      { pseudonym, recipient: 'dpg-media', state: 'due' },
    ]);
    expect(await db.dataSource.query('SELECT stream FROM suppression WHERE pseudonym = $1', [pseudonym])).toEqual([
      { stream: 'television' },
    ]);
    expect((await delivered('television', 'dpg-media')).map((record) => record.pseudonym)).not.toContain(pseudonym);
  });

  it('revokes nothing that was never delivered', async () => {
    const subjectId = randomUUID();
    await decide(television(subjectId, 'opening', 1));
    const closing = television(subjectId, 'closing', 2);
    await decide(closing);
    expect(await revocationsBy(closing)).toEqual([]);
  });

  it('keeps the streams apart', async () => {
    const subjectId = randomUUID();
    await decide(web(subjectId, 'opening', 1));
    expect(await recordOf(subjectId, 'television', 'ads-and-data')).toBeUndefined();
    expect(await recordOf(subjectId, 'web-and-app', 'ads-and-data')).toMatchObject({ version: 1 });
  });

  it('sends site and app data along only while advertising cookies are open on a device', async () => {
    const subjectId = randomUUID();
    const device = randomUUID();
    await decide(web(subjectId, 'opening', 1));
    expect(await recordOf(subjectId, 'web-and-app', 'ads-and-data')).toMatchObject({ siteAndAppData: false });
    await decide(cookies('advertising-cookies', subjectId, device, 'opening', 2));
    expect(await recordOf(subjectId, 'web-and-app', 'ads-and-data')).toMatchObject({ siteAndAppData: true });
    const refusal = cookies('advertising-cookies', subjectId, device, 'closing', 3);
    expect(await decide(refusal)).toEqual([{ decisionId: refusal.decisionId, effect: 'devices closed', count: 1 }]);
    expect(await recordOf(subjectId, 'web-and-app', 'ads-and-data')).toMatchObject({ siteAndAppData: false });
  });

  it('delivers to the agency only with third-party cookies, to partners only with both on the device', async () => {
    const subjectId = randomUUID();
    const device = randomUUID();
    await decide(decision('web-app-targeted-advertising', 'opening', { subjectId, scopeId: subjectId }));
    expect(await recordOf(subjectId, 'agency', 'data-management-platform')).toBeUndefined();
    await decide(cookies('third-party-advertising-cookies', subjectId, device, 'opening', 2));
    expect(await recordOf(subjectId, 'agency', 'data-management-platform')).toBeDefined();

    const other = randomUUID();
    await decide(cookies('cookie-data-partner-sharing', other, device, 'opening', 1));
    await decide(cookies('third-party-advertising-cookies', other, device, 'opening', 2));
    expect(await recordOf(other, 'cookie-partners', 'cookie-manager-partners')).toBeUndefined();
    await decide(cookies('advertising-cookies', other, device, 'opening', 3));
    expect(await recordOf(other, 'cookie-partners', 'cookie-manager-partners')).toBeDefined();
  });

  it('delivers nothing that is held back, whatever the membership says', async () => {
    const subjectId = randomUUID();
    await decide(web(subjectId, 'opening', 1));
    await holdBack(db.dataSource, subjectId);
    expect(await recordOf(subjectId, 'web-and-app', 'ads-and-data')).toBeUndefined();
  });

  it('delivers to no party that is not on the list of a stream', async () => {
    expect(await recipientsOf(db.dataSource, 'television')).toEqual(['ads-and-data', 'dpg-media']);
    await expect(delivered('web-and-app', 'dpg-media')).rejects.toThrow('foreign key');
  });

  it('takes the newest of several effects on one membership in one call', async () => {
    const subjectId = randomUUID();
    const decisions = [4, 9, 6].map((version) => web(subjectId, 'opening', version));
    expect(await decide(...decisions)).toMatchObject([{ decisionId: decisions[1]?.decisionId }]);
    expect(await stateOf(subjectId)).toMatchObject([{ version: '9' }]);
  });

  it('writes a thousand memberships in one statement', async () => {
    const subjects = Array.from({ length: 1_000 }, () => randomUUID() as string);
    expect(await decide(...subjects.map((subjectId) => web(subjectId, 'opening', 1)))).toHaveLength(1_000);
    expect(await decide(...subjects.map((subjectId) => web(subjectId, 'closing', 2)))).toHaveLength(1_000);
  });
});

type Direction = 'opening' | 'closing';
const web = (subjectId: string, direction: Direction, version: number) =>
  decision('ads-data-targeted-advertising', direction, { subjectId, scopeId: subjectId, version });
const television = (subjectId: string, direction: Direction, version: number) =>
  decision('broadcaster-targeted-tv-ads', direction, { subjectId, level: 'account', scopeId: subjectId, version });
const cookies = (purpose: string, subjectId: string, scopeId: string, direction: Direction, version: number) =>
  decision(purpose, direction, { subjectId, scopeId, level: 'device', version });
