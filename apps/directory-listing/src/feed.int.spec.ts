import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { applyAnyway, given, holdBack, systemDatabase, type SystemDatabase } from '@consent/decision-consumer/kit';
import { type ConsentDecision } from '@consent/events';
import { withTransaction } from '@consent/postgres';
import { until } from '@consent/testing';
import { type DataSource } from 'typeorm';
import { takeFeed } from './feed.js';
import { handedLines, handOver } from './hand-over.js';
import { handler } from './handler.js';
import { migrations } from './migrations.js';
import { decision } from './spec-decision.js';

describe('feeds from other operators and hand-overs to publishers', () => {
  let db: SystemDatabase;
  beforeAll(async () => {
    db = await systemDatabase(migrations);
  });
  afterAll(() => db?.drop());

  const decide = (made: ConsentDecision) => withTransaction(db.dataSource, (tx) => applyAnyway(tx, handler(), [made]));
  const feed = (line: Line, listable: boolean, sourceEventId: string = randomUUID()) =>
    takeFeed(db.dataSource, 'other-operator', [{ ...line, listable, sourceEventId, asOf: 2_000 }]);
  const handedOver = async (line: Line) => {
    const handOverId = randomUUID();
    await handOver(db.dataSource, handOverId);
    const lines = await handedLines(db.dataSource, { handOverId, limit: 10_000 });
    return lines?.find(({ lineId }) => lineId === line.lineId);
  };
  const eventsOf = (line: Line) =>
    db.dataSource.query<{ outcome: string; version: string }[]>(
      'SELECT outcome, version FROM feed_event WHERE line_id = $1 ORDER BY received_at',
      [line.lineId],
    );

  it('keeps a withdrawn line unlisted when a feed calls it listable, and records the attempt', async () => {
    const line = aLine();
    await decide(contact(line, 'opening', 1));
    expect(await handedOver(line)).toEqual({ lineId: line.lineId, profession: false, version: 1 });
    await decide(contact(line, 'closing', 2));
    expect(await handedOver(line)).toBeUndefined();
    expect(await feed(line, true)).toEqual(['resurrection_blocked']);
    expect(await handedOver(line)).toBeUndefined();
    expect(await eventsOf(line)).toEqual([{ outcome: 'resurrection_blocked', version: '2' }]);
  });

  it('does not list a line that nobody granted', async () => {
    const line = aLine();
    expect(await feed(line, true)).toEqual(['no_grant']);
    expect(await handedOver(line)).toBeUndefined();
  });

  it('closes a listed line on a feed, until the person grants again', async () => {
    const line = aLine();
    await decide(contact(line, 'opening', 1));
    expect(await feed(line, false)).toEqual(['closed']);
    expect(await handedOver(line)).toBeUndefined();
    expect(await feed(line, true)).toEqual(['resurrection_blocked']);
    await decide({ ...contact(line, 'opening', 2), cause: 'facts' });
    expect(await handedOver(line)).toBeUndefined();
    await decide(contact(line, 'opening', 3));
    expect(await handedOver(line)).toMatchObject({ version: 3 });
  });

  it('answers a repeated statement as the first time', async () => {
    const line = aLine();
    await decide(contact(line, 'opening', 1));
    expect(await feed(line, true, 'event-1')).toEqual(['already_listed']);
    await decide(contact(line, 'closing', 2));
    expect(await feed(line, true, 'event-1')).toEqual(['already_listed']);
    expect(await handedOver(line)).toBeUndefined();
    expect(await eventsOf(line)).toHaveLength(1);
  });

  it('closes a line also when the supplier says so under the id of another statement, and tells it', async () => {
    const line = aLine();
    await decide(contact(line, 'opening', 1));
    expect(await feed(line, true, 'event-2')).toEqual(['already_listed']);
    expect(await feed(line, false, 'event-2')).toEqual(['recorded_otherwise']);
    expect(await handedOver(line)).toBeUndefined();
    expect(await feed(line, false, 'event-2')).toEqual(['recorded_otherwise']);
    expect(await feed(line, true, 'event-2')).toEqual(['already_listed']);
    expect(await eventsOf(line)).toHaveLength(1);
    const kept = await db.dataSource.query<{ listable: boolean }[]>(
      'SELECT listable FROM feed_contradiction WHERE line_id = $1',
      [line.lineId],
    );
    expect(kept).toEqual([{ listable: false }]);
    await decide(contact(line, 'opening', 2));
    expect(await feed(line, false, 'event-2')).toEqual(['recorded_otherwise']);
    expect(await handedOver(line)).toMatchObject({ version: 2 });
  });

  it('closes every line that one feed calls not listable, though all have one id, and opens none', async () => {
    const [first, second, third] = [aLine(), aLine(), aLine()] as const;
    for (const line of [first, second]) await decide(contact(line, 'opening', 1));
    const says = (line: Line, listable: boolean) => ({ ...line, listable, sourceEventId: 'event-3', asOf: 2_000 });
    const outcomes = await takeFeed(db.dataSource, 'other-operator', [
      says(third, true),
      says(first, false),
      says(second, false),
    ]);
    expect(outcomes.filter((outcome) => outcome === 'closed')).toHaveLength(1);
    expect(outcomes.filter((outcome) => outcome === 'recorded_otherwise')).toHaveLength(2);
    expect(outcomes[0]).toBe('recorded_otherwise');
    for (const line of [first, second, third]) expect(await handedOver(line)).toBeUndefined();
  });

  it('lets a closing win over an opening of the same line in one feed, in either order', async () => {
    const line = aLine();
    await decide(contact(line, 'opening', 1));
    const says = (listable: boolean) => ({ ...line, listable, sourceEventId: randomUUID(), asOf: 2_000 });
    expect(await takeFeed(db.dataSource, 'other-operator', [says(true), says(false), says(true)])).toEqual([
      'resurrection_blocked',
      'closed',
      'resurrection_blocked',
    ]);
    expect(await feed(line, false)).toEqual(['already_unlisted']);
  });

  it('hands over a profession beside a listed contact, and never alone', async () => {
    const line = aLine();
    await decide(contact(line, 'opening', 1));
    await decide(profession(line, 2));
    expect(await handedOver(line)).toMatchObject({ profession: true });
    await decide(contact(line, 'closing', 3));
    expect(await handedOver(line)).toBeUndefined();
  });

  it('keeps the second line of a subscriber as it is when the first is withdrawn', async () => {
    const first = aLine();
    const second = { ...aLine(), subjectId: first.subjectId };
    await decide(contact(first, 'opening', 1));
    await decide(contact(second, 'opening', 2));
    await decide(contact(first, 'closing', 3));
    expect(await handedOver(first)).toBeUndefined();
    expect(await handedOver(second)).toMatchObject({ version: 2 });
  });

  it('hands over nothing that is held back, whatever the listing says', async () => {
    const line = aLine();
    await decide(contact(line, 'opening', 1));
    await holdBack(db.dataSource, line.subjectId);
    expect(await handedOver(line)).toBeUndefined();
  });

  it('hands over no line while a decision about the provision to publishers is parked, be it the first', async () => {
    const line = aLine();
    await decide(contact(line, 'opening', 1));
    const release = await holdBack(db.dataSource, line.subjectId, {
      scopeId: line.lineId,
      purposeId: 'directory-statutory-provision',
    });
    expect(await handedOver(line)).toBeUndefined();
    await release();
    expect(await handedOver(line)).toBeDefined();
  });

  it('calls no line listed that is held back, and closes it on a feed for when it is released', async () => {
    const line = aLine();
    await decide(contact(line, 'opening', 1));
    const release = await holdBack(db.dataSource, line.subjectId);
    expect(await feed(line, true)).toEqual(['resurrection_blocked']);
    expect(await feed(line, false)).toEqual(['closed']);
    await release();
    expect(await handedOver(line)).toBeUndefined();
  });

  /** What a system does with a grant whose effect fails: closed until it is released. */
  const park = (line: Line, version: number) => decide({ ...contact(line, 'closing', version), status: 'revoked' });
  const release = (line: Line, version: number) => decide(contact(line, 'opening', version));

  it('keeps a first grant closed that was parked when the feed closed its line', async () => {
    const line = aLine();
    await park(line, 1);
    expect(await feed(line, false)).toEqual(['already_unlisted']);
    await release(line, 1);
    expect(await handedOver(line)).toBeUndefined();
    await decide(contact(line, 'opening', 2));
    expect(await handedOver(line)).toMatchObject({ version: 2 });
  });

  /** Parks the grant by the consumer itself, whose effect fails. */
  const parkFirst = (grant: ConsentDecision) => {
    const failing = {
      ...handler(),
      applyEffects: { ...handler().applyEffects, offer: () => Promise.reject(new Error('a fault of the effect')) },
    };
    return given(failing, db.dataSource)
      .when(grant)
      .then(([answer]) => expect(answer?.outcome).toBe('parked'));
  };

  it.each([
    ['of which nothing else was known', false],
    ['that had been withdrawn', true],
  ])('keeps a grant closed that was parked when the feed closed its line, a line %s', async (_, withdrawnBefore) => {
    const line = aLine();
    if (withdrawnBefore) await decide(contact(line, 'closing', 1));
    const grant = contact(line, 'opening', 2);
    await parkFirst(grant);
    expect(await feed(line, false)).toEqual(['already_unlisted']);
    expect(await feed(line, true)).toEqual(['resurrection_blocked']);
    await decide(grant);
    await db.dataSource.query('UPDATE decision_state SET held_back = false WHERE subject_id = $1', [line.subjectId]);
    await db.dataSource.query('DELETE FROM parked_decision WHERE decision_id = $1', [grant.decisionId]);
    expect(await handedOver(line)).toBeUndefined();
    await decide(contact(line, 'opening', 3));
    expect(await handedOver(line)).toMatchObject({ version: 3 });
  });

  it('lets a grant that was parked open what a feed had closed before', async () => {
    const line = aLine();
    await decide(contact(line, 'opening', 1));
    expect(await feed(line, false)).toEqual(['closed']);
    await park(line, 2);
    await release(line, 2);
    expect(await handedOver(line)).toMatchObject({ version: 2 });
  });

  it('makes a hand-over wait for a withdrawal in hand, and leaves the line out', async () => {
    const line = aLine();
    await decide(contact(line, 'opening', 1));
    let handing: Promise<unknown> = Promise.resolve();
    await withTransaction(db.dataSource, async (tx) => {
      await applyAnyway(tx, handler(), [contact(line, 'closing', 2)]);
      handing = handedOver(line);
      await waiting(db.dataSource);
    });
    expect(await handing).toBeUndefined();
  });
});

interface Line {
  subjectId: string;
  lineId: string;
}

const aLine = (): Line => ({ subjectId: randomUUID(), lineId: randomUUID() });
const contact = ({ subjectId, lineId }: Line, direction: 'opening' | 'closing', version: number) =>
  decision('directory-contact-listing', direction, { subjectId, scopeId: lineId, version });
const profession = ({ subjectId, lineId }: Line, version: number) =>
  decision('directory-profession-listing', 'opening', { subjectId, scopeId: lineId, version });

const waiting = async (dataSource: DataSource): Promise<void> => {
  await until('the hand-over waits for a lock', async () => {
    const [row] = await dataSource.query<{ n: number }[]>(
      `SELECT count(*)::int AS n FROM pg_stat_activity
       WHERE datname = current_database() AND wait_event_type = 'Lock'`,
    );
    return (row?.n ?? 0) > 0;
  });
};
