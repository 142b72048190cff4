import { describe, expect, it } from '@jest/globals';
import { KafkaSendError, type OutgoingRecord, type PartitionOffset } from '@consent/kafka';
import { until } from '@consent/testing';
import { type Concluded } from '../core/conclude.js';
import { decision } from '../kit/decision.js';
import { CLUB } from '../spec/club.js';
import { Acknowledger, type Part } from './acknowledger.js';

const part = (from: number, next: number): Part => ({ topic: 't', partition: 0, from, next });
const said = (count: number): Concluded[] =>
  Array.from({ length: count }, (_, i) => ({
    arrival: {
      decision: decision(CLUB, { purposeId: 'club', version: i + 1 }),
      record: { topic: 't', partition: 0, offset: i, timestamp: 0, key: null, value: null, headers: {} },
      replay: null,
      parkedId: null,
    },
    outcome: 'applied',
    reason: null,
    effects: [],
    appliedAt: 1,
  }));

function setUp(limit = 10) {
  const sent: OutgoingRecord[] = [];
  const recovered: PartitionOffset[][] = [];
  const topic: { down: boolean; whileSending: (() => void) | null } = { down: false, whileSending: null };
  const acknowledger = new Acknowledger({
    producer: {
      send: async (records) => {
        if (topic.down) throw new KafkaSendError('NOT_CONFIRMED', 'down');
        topic.whileSending?.();
        sent.push(...records);
      },
    },
    registry: { idOf: () => Promise.resolve(1) },
    topic: 'acks',
    systemId: CLUB,
    build: 'spec',
    parkedRecords: () => null,
    limit,
    stopped: AbortSignal.timeout(10_000),
    onRecovered: (offsets) => recovered.push([...offsets]),
    onFailed: () => undefined,
  });
  acknowledger.start({ topic: 't', partition: 0, offset: 0 });
  return { acknowledger, sent, recovered, topic, cursor: () => acknowledger.cursors('t')[0]?.offset };
}

describe('the acknowledged cursor', () => {
  it('moves once the broker has confirmed, also past records that nobody answers for', async () => {
    const { acknowledger, cursor, sent } = setUp();
    acknowledger.add([part(0, 3)], said(2));
    expect(cursor()).toBe(0);
    await acknowledger.drained();
    expect({ at: cursor(), sent: sent.length }).toEqual({ at: 3, sent: 2 });
    acknowledger.add([part(3, 9)], []);
    await acknowledger.drained();
    expect(cursor()).toBe(9);
  });

  it('never passes over what is missing in between', async () => {
    const { acknowledger, cursor } = setUp();
    acknowledger.add([part(5, 8)], said(3));
    await acknowledger.drained();
    expect(cursor()).toBe(0);
    acknowledger.add([part(0, 6)], said(6));
    await acknowledger.drained();
    expect(cursor()).toBe(6);
  });

  it('sends what is added while a request is under way, and counts it as confirmed only then', async () => {
    const { acknowledger, cursor, sent, topic } = setUp();
    topic.whileSending = () => {
      topic.whileSending = null;
      acknowledger.add([part(2, 5)], said(3));
    };
    acknowledger.add([part(0, 2)], said(2));
    await acknowledger.drained();
    expect({ at: cursor(), sent: sent.length }).toEqual({ at: 5, sent: 5 });
  });

  it('stays before what was dropped while the topic was down, and asks for it again afterwards', async () => {
    const { acknowledger, cursor, recovered, topic, sent } = setUp(4);
    topic.down = true;
    acknowledger.add([part(0, 3)], said(3));
    acknowledger.add([part(3, 6)], said(3));
    await until('it says so', () => acknowledger.behind);
    expect(acknowledger.depth).toBe(3);
    topic.down = false;
    await acknowledger.drained();
    expect({ at: cursor(), sent: sent.length, behind: acknowledger.behind }).toEqual({ at: 3, sent: 3, behind: false });
    expect(recovered).toEqual([[{ topic: 't', partition: 0, offset: 3 }]]);
  });

  it('tells who asks when all that was added before is confirmed, and at once when the topic does not take it', async () => {
    const { acknowledger, sent, topic } = setUp();
    acknowledger.add([part(0, 2)], said(2));
    const confirmed = acknowledger.soFar().then(() => sent.length);
    acknowledger.add([part(2, 3)], said(1));
    expect(await confirmed).toBeGreaterThanOrEqual(2);
    await acknowledger.drained();
    topic.down = true;
    acknowledger.add([part(3, 4)], said(1));
    await expect(acknowledger.soFar()).rejects.toThrow('down');
    topic.down = false;
    await acknowledger.soFar();
    expect(sent).toHaveLength(4);
  });
});
