import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { systemDatabase, type SystemDatabase } from '@consent/decision-consumer/kit';
import { withTransaction } from '@consent/postgres';
import { applyEffects } from './apply-effects.js';
import { migrations } from './migrations.js';
import { type ListingEffect } from './on-decision.js';

describe('what the directory does, in its own tables', () => {
  let db: SystemDatabase;
  beforeAll(async () => {
    db = await systemDatabase(migrations);
  });
  afterAll(() => db?.drop());

  const apply = (kind: ListingEffect['kind'], effects: ListingEffect[]) =>
    withTransaction(db.dataSource, (tx) => applyEffects[kind](tx, effects));
  const stateOf = ({ subjectId }: { subjectId: string }) => db.effectiveState(subjectId);

  it('lists a line on a grant, and says so once', async () => {
    const line = aLine();
    expect(await apply('offer', [effect('offer', line, 1)])).toMatchObject([{ effect: 'listings offered', count: 1 }]);
    expect(await apply('offer', [effect('offer', line, 1)])).toEqual([]);
    expect(await stateOf(line)).toMatchObject([{ scope_id: line.lineId, allowed: true, version: '1' }]);
  });

  it('withdraws a listed line, and again without effect', async () => {
    const line = aLine();
    await apply('offer', [effect('offer', line, 1)]);
    const withdrawal = effect('withhold', line, 2);
    expect(await apply('withhold', [withdrawal])).toEqual([
      { decisionId: withdrawal.decisionId, effect: 'listings withdrawn', count: 1 },
    ]);
    expect(await apply('withhold', [withdrawal])).toEqual([]);
    expect(await stateOf(line)).toMatchObject([{ allowed: false, version: '2' }]);
  });

  it('keeps the version of a refusal on a line that was never listed', async () => {
    const line = aLine();
    expect(await apply('withhold', [effect('withhold', line, 7)])).toEqual([]);
    expect(await stateOf(line)).toMatchObject([{ allowed: false, version: '7' }]);
  });

  it('takes the newest of several effects on one listing in one call', async () => {
    const line = aLine();
    const newest = effect('offer', line, 9);
    expect(await apply('offer', [effect('offer', line, 4), newest, effect('offer', line, 6)])).toEqual([
      { decisionId: newest.decisionId, effect: 'listings offered', count: 1 },
    ]);
    expect(await stateOf(line)).toMatchObject([{ version: '9' }]);
  });

  it('keeps contact and profession of a line apart', async () => {
    const line = aLine();
    await apply('offer', [effect('offer', line, 1), effect('offer', line, 2, 'profession')]);
    await apply('withhold', [effect('withhold', line, 3, 'profession')]);
    expect(await stateOf(line)).toMatchObject([
      { purpose_id: 'directory-contact-listing', allowed: true, version: '1' },
      { purpose_id: 'directory-profession-listing', allowed: false, version: '3' },
    ]);
  });

  it('keeps closed what a feed closed until the person grants again', async () => {
    const line = aLine();
    await apply('offer', [effect('offer', line, 1)]);
    await db.dataSource.query('UPDATE listing SET closed_by_feed = true WHERE line_id = $1', [line.lineId]);
    expect(await apply('offer', [effect('offer', line, 1)])).toEqual([]);
    expect(await apply('reopen', [effect('reopen', line, 2)])).toEqual([]);
    expect(await stateOf(line)).toMatchObject([{ allowed: false, version: '2' }]);
    expect(await apply('offer', [effect('offer', line, 3)])).toMatchObject([{ effect: 'listings offered' }]);
    expect(await stateOf(line)).toMatchObject([{ allowed: true, version: '3' }]);
  });

  it('writes a thousand listings in one statement', async () => {
    const lines = Array.from({ length: 1_000 }, aLine);
    expect(
      await apply(
        'offer',
        lines.map((line) => effect('offer', line, 1)),
      ),
    ).toHaveLength(1_000);
    expect(
      await apply(
        'withhold',
        lines.map((line) => effect('withhold', line, 2)),
      ),
    ).toHaveLength(1_000);
  });
});

const aLine = () => ({ subjectId: randomUUID(), lineId: randomUUID() });

const effect = (
  kind: ListingEffect['kind'],
  line: { subjectId: string; lineId: string },
  version: number,
  part: 'contact' | 'profession' = 'contact',
): ListingEffect => ({
  kind,
  part,
  decisionId: randomUUID(),
  ...line,
  purposeId: `directory-${part}-listing`,
  version,
});
