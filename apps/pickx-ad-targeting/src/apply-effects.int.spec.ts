import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applyAnyway, holdBack, systemDatabase, type SystemDatabase } from '@consent/decision-consumer/kit';
import { type ConsentDecision } from '@consent/events';
import { withTransaction } from '@consent/postgres';
import { handler } from './handler.js';
import { migrations } from './migrations.js';
import { selectSpot } from './select-spot.js';
import { decision } from './spec-decision.js';
import { type Spot } from './spots.js';

describe('what Pickx does, in its own tables', () => {
  let db: SystemDatabase;
  beforeAll(async () => {
    db = await systemDatabase(migrations);
  });
  afterAll(() => db?.drop());

  const decide = (...decisions: ConsentDecision[]) =>
    withTransaction(db.dataSource, (tx) => applyAnyway(tx, handler(), decisions));
  const stateOf = (subjectId: string) => db.effectiveState(subjectId);
  const select = ({ subjectId, accountId }: Account, spot: Spot) =>
    selectSpot(db.dataSource, { selectionId: randomUUID(), subjectId, accountId, spot });
  const profilesOf = ({ accountId }: Account) =>
    db.dataSource.query<object[]>('SELECT audience FROM ad_profile WHERE account_id = $1 ORDER BY audience', [
      accountId,
    ]);

  it('builds and deletes an advertising profile, with the version of each', async () => {
    const account = anAccount();
    const opening = on(account, 'pickx-personalised-tv-ads', 'opening', 1);
    expect(await decide(opening)).toEqual([
      { decisionId: opening.decisionId, effect: 'advertising profiles begun', count: 1 },
    ]);
    expect(await decide(opening)).toEqual([]);
    expect(await profilesOf(account)).toEqual([{ audience: 'operator' }]);
    expect(await stateOf(account.subjectId)).toMatchObject([{ allowed: true, version: '1' }]);
    const closing = on(account, 'pickx-personalised-tv-ads', 'closing', 2);
    expect(await decide(closing)).toEqual([
      { decisionId: closing.decisionId, effect: 'advertising profiles deleted', count: 1 },
    ]);
    expect(await decide(closing)).toEqual([]);
    expect(await profilesOf(account)).toEqual([]);
    expect(await stateOf(account.subjectId)).toMatchObject([{ allowed: false, version: '2' }]);
  });

  it('deletes the profile of one advertising consent and keeps that of the other', async () => {
    const account = anAccount();
    await decide(
      on(account, 'pickx-personalised-tv-ads', 'opening', 1),
      on(account, 'broadcaster-targeted-tv-ads', 'opening', 2),
    );
    await decide(on(account, 'pickx-personalised-tv-ads', 'closing', 3));
    expect(await profilesOf(account)).toEqual([{ audience: 'broadcasters' }]);
    expect(await stateOf(account.subjectId)).toMatchObject([
      { purpose_id: 'broadcaster-targeted-tv-ads', allowed: true, version: '2' },
      { purpose_id: 'pickx-personalised-tv-ads', allowed: false, version: '3' },
    ]);
  });

  it('stops and resumes a use of the screen that is open by default', async () => {
    const account = anAccount();
    expect(await decide(on(account, 'pickx-own-promotion', 'opening', 1))).toEqual([]);
    const stop = on(account, 'pickx-own-promotion', 'closing', 2);
    expect(await decide(stop)).toEqual([{ decisionId: stop.decisionId, effect: 'screen uses stopped', count: 1 }]);
    expect(await decide(stop)).toEqual([]);
    expect(await decide(on(account, 'pickx-own-promotion', 'opening', 3))).toMatchObject([
      { effect: 'screen uses resumed' },
    ]);
    expect(await stateOf(account.subjectId)).toMatchObject([{ allowed: true, version: '3' }]);
  });

  it('counts the first refusal of a use that nobody had decided about', async () => {
    expect(await decide(on(anAccount(), 'pickx-content-recommendations', 'closing', 1))).toMatchObject([
      { effect: 'screen uses stopped' },
    ]);
  });

  it('chooses by profile while a consent is in force, and keeps the version that it relied on', async () => {
    const account = anAccount();
    await decide(on(account, 'pickx-personalised-tv-ads', 'opening', 5));
    expect(await select(account, 'third-party-advertisement')).toEqual({
      chosen: 'by-profile',
      purposeId: 'pickx-personalised-tv-ads',
      version: 5,
    });
    expect(
      await db.dataSource.query('SELECT chosen, version FROM selection WHERE account_id = $1', [account.accountId]),
    ).toEqual([{ chosen: 'by-profile', version: '5' }]);
    await decide(on(account, 'pickx-personalised-tv-ads', 'closing', 6));
    expect(await select(account, 'third-party-advertisement')).toMatchObject({ chosen: 'unpersonalised' });
  });

  it('uses no profile that is held back, whatever the eligibility says', async () => {
    const account = anAccount();
    await decide(on(account, 'pickx-personalised-tv-ads', 'opening', 5));
    await holdBack(db.dataSource, account.subjectId);
    expect(await select(account, 'third-party-advertisement')).toMatchObject({ chosen: 'unpersonalised' });
  });

  it('takes a use of the screen that is open by default as closed while its first decision, or anything of the person, is parked', async () => {
    const account = anAccount();
    expect(await select(account, 'own-promotion')).toMatchObject({ chosen: 'by-profile' });
    const release = await holdBack(db.dataSource, account.subjectId, {
      scopeId: account.accountId,
      purposeId: 'pickx-own-promotion',
    });
    expect(await select(account, 'own-promotion')).toEqual({
      chosen: 'unpersonalised',
      purposeId: 'pickx-own-promotion',
      version: null,
    });
    expect(await select(account, 'recommendations')).toMatchObject({ chosen: 'by-profile' });
    expect(await select({ ...account, accountId: randomUUID() }, 'own-promotion')).toMatchObject({
      chosen: 'by-profile',
    });
    await release();
    expect(await select(account, 'own-promotion')).toMatchObject({ chosen: 'by-profile' });
    await holdBack(db.dataSource, account.subjectId);
    expect(await select(account, 'own-promotion')).toMatchObject({ chosen: 'nothing' });
    expect(await select(account, 'recommendations')).toMatchObject({ chosen: 'unpersonalised' });
  });

  it('takes the newest of several effects on one account in one call', async () => {
    const account = anAccount();
    const decisions = [4, 9, 6].map((version) => on(account, 'pickx-personalised-tv-ads', 'opening', version));
    expect(await decide(...decisions)).toMatchObject([{ decisionId: decisions[1]?.decisionId }]);
    expect(await stateOf(account.subjectId)).toMatchObject([{ version: '9' }]);
  });

  it('writes a thousand profiles in one statement', async () => {
    const accounts = Array.from({ length: 1_000 }, anAccount);
    const all = (direction: 'opening' | 'closing', version: number) =>
      accounts.map((account) => on(account, 'broadcaster-targeted-tv-ads', direction, version));
    expect(await decide(...all('opening', 1))).toHaveLength(1_000);
    expect(await decide(...all('closing', 2))).toHaveLength(1_000);
  });
});

interface Account {
  subjectId: string;
  accountId: string;
}
const anAccount = (): Account => ({ subjectId: randomUUID(), accountId: randomUUID() });
const on = ({ subjectId, accountId }: Account, purpose: string, direction: 'opening' | 'closing', version: number) =>
  decision(purpose, direction, { subjectId, scopeId: accountId, version });
