import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { createDataSource } from '@consent/postgres';
import { club, clubMigrations } from '../spec/club.js';
import { clubDatabase, type ClubDatabase } from '../spec/club-database.js';
import { conformance } from './conformance.js';
import { type SystemDatabase, systemDatabase } from './system-database.js';

describe('what every system promises', () => {
  let db: SystemDatabase;
  beforeAll(async () => {
    db = await systemDatabase([clubMigrations]);
  });
  afterAll(() => db?.drop());

  const tables = ['SELECT scope_id AS scope, purpose_id, allowed, version, points FROM member WHERE subject_id = $1'];
  const promised = (change: Partial<typeof club.applyEffects> = {}, among = tables) =>
    conformance({ handler: { ...club, applyEffects: { ...club.applyEffects, ...change } }, tables: among });

  it.each(promised())('is kept by the club: $title', ({ holds }) => holds(db.dataSource), 60_000);

  it('does not hold for a system that counts openings, of which a chunk leaves some out', async () => {
    const [same] = promised({
      welcome: async (tx, effects) => {
        const rows = await club.applyEffects.welcome(tx, effects);
        await tx.query('UPDATE member SET points = points + 1 WHERE subject_id = ANY ($1::uuid[])', [
          effects.map(({ subjectId }) => subjectId),
        ]);
        return rows;
      },
    });
    await expect(same?.holds(db.dataSource)).rejects.toThrow('Property failed');
  }, 60_000);

  it('does not hold for a system that goes on after a closing', async () => {
    const [, newest] = promised({ leave: () => Promise.resolve([]) });
    await expect(newest?.holds(db.dataSource)).rejects.toThrow('Property failed');
  }, 60_000);

  it('does not hold for a system whose effective state says open of what is held back', async () => {
    const forgetful = await clubDatabase();
    try {
      await asOwner(
        forgetful,
        `CREATE OR REPLACE VIEW effective_state AS
         SELECT subject_id, scope_id, purpose_id, allowed, version, false AS held_back FROM member`,
      );
      const held = promised().find(({ title }) => title.includes('held back'));
      await expect(held?.holds(forgetful.dataSource)).rejects.toThrow('effective_state of club');
    } finally {
      await forgetful.drop();
    }
  }, 60_000);

  it('does not hold where nothing would be compared', async () => {
    const [same] = promised({}, ['SELECT scope_id AS scope FROM member WHERE subject_id = $1 AND false']);
    await expect(same?.holds(db.dataSource)).rejects.toThrow('nothing is compared');
  }, 60_000);
});

async function asOwner({ database }: ClubDatabase, sql: string): Promise<void> {
  const owner = createDataSource({ url: database.ownerUrl, applicationName: 'owner' });
  await owner.initialize();
  await owner.query(sql);
  await owner.destroy();
}
