import { describe, expect, it } from '@jest/globals';
import { type ConsentDecision, decisionFormat, HEADERS, topics } from '@consent/events';
import { encodeRow, type Encoding } from './encode-row.js';
import { HEARTBEAT_SUBJECTS, heartbeatDecision } from './heartbeats.js';
import { BULK, LIVE, type OutboxRow } from './outbox-row.js';

const [subjectId = ''] = HEARTBEAT_SUBJECTS;
const someDecision: ConsentDecision = heartbeatDecision(subjectId, 5);
const encoding: Encoding = {
  topics: topics('x.'),
  format: decisionFormat(),
  decisionSchemaId: 11,
  replaySchemaId: 12,
  toDecision: () => someDecision,
};
const row = (change: Partial<OutboxRow> = {}): OutboxRow => ({
  outboxId: 1,
  lane: LIVE,
  kind: 'decision',
  subjectId,
  partition: 4,
  traceparent: null,
  headers: null,
  createdAt: 5,
  waitMs: 20.4,
  readAt: 1_000,
  ledger: { decision_id: 'd' },
  ...change,
});

describe('encodeRow', () => {
  it('adds to the wait by the database clock the time since the read', () => {
    expect(encodeRow(row(), encoding, 1_007).headers).toEqual({
      [HEADERS.lane]: 'live',
      [HEADERS.outboxWaitMs]: '27',
    });
  });

  it('never shows a negative wait, as after a step of the database clock', () => {
    expect(encodeRow(row({ waitMs: -50 }), encoding, 1_000).headers?.[HEADERS.outboxWaitMs]).toBe('0');
  });

  it('sends decisions and heartbeats to the decisions topic, replays to theirs, each under the schema id of its topic', () => {
    const ids = (['decision', 'heartbeat', 'replay'] as const).map((kind) => {
      const { topic, value } = encodeRow(row({ kind, lane: kind === 'replay' ? BULK : LIVE }), encoding, 1_000);
      return [topic, value?.readUInt32BE(1)];
    });
    expect(ids).toEqual([
      ['x.consent.decisions', 11],
      ['x.consent.decisions', 11],
      ['x.consent.replays', 12],
    ]);
  });

  it('sends the headers of a row as text, whatever JSON made of them', () => {
    const headers = { [HEADERS.ledgerHead]: true as unknown as string };
    expect(encodeRow(row({ headers }), encoding, 1_000).headers?.[HEADERS.ledgerHead]).toBe('true');
  });

  it('refuses a row that no broker would take, which would fail the whole request', () => {
    const toDecision = (): ConsentDecision => ({ ...someDecision, attributes: { note: 'x'.repeat(1_100_000) } });
    expect(() => encodeRow(row(), { ...encoding, toDecision }, 0)).toThrow(
      /Outbox row 1 makes a record of 1\d{6} bytes/,
    );
  });

  it('refuses a row whose ledger entry is missing, naming the row', () => {
    expect(() => encodeRow(row({ outboxId: 77, ledger: { decision_id: null } }), encoding, 0)).toThrow(
      /Outbox row 77 \(decision\) points to no ledger entry/,
    );
  });
});
