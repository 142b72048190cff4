import { randomUUID } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { evolve, type TripleState } from '@consent/consent-rules';
import { decisionFormat, tripleKey, tripleOf } from '@consent/events';
import { heldState, type StateRow } from '../subjects/state-row.js';
import { aDecision, someFacts, specApp, type SpecApp } from '../spec-app.js';
import { type LedgerRow } from './ledger-row.js';
import { ledgerRowToDecision, ledgerRowToEntry } from './ledger-row-to-decision.js';
import { hashOf } from './seal.js';

describe('what the ledger says', () => {
  let app: SpecApp;
  let rows: LedgerRow[];

  beforeAll(async () => {
    app = await specApp();
    const subjects = Array.from({ length: 20 }, () => randomUUID());
    await app.call('POST', '/v1/facts/batch', {
      body: subjects.map((subjectId, i) => ({ subjectId, ...someFacts({ brand: i % 4 ? 'proximus' : 'scarlet' }) })),
    });
    const purposes = [...app.catalogue.purposes.values()].filter(
      ({ scopeLevel, choiceModel }) =>
        scopeLevel === 'person' && (choiceModel === 'opt-in' || choiceModel === 'opt-out'),
    );
    const minutes = (n: number): string => new Date(Date.UTC(2026, 4, 1, 0, (n * 37) % 600)).toISOString();
    await app.call('POST', '/v1/decisions/batch', {
      body: Array.from({ length: 600 }, (_, i) => {
        const purpose = purposes[(i * 7) % purposes.length];
        const optIn = purpose?.choiceModel === 'opt-in';
        return aDecision({
          subjectId: subjects[i % subjects.length],
          purposeId: purpose?.id,
          status: i % 3 === 0 ? (optIn ? 'withdrawn' : 'objected') : optIn ? 'given' : 'objection_lifted',
          decidedAt: minutes(i),
          ...(i % 5 || i % 3
            ? {}
            : { notice: { id: 'n', version: '2', language: 'fr-BE', contentHash: 'b'.repeat(64) } }),
          ...(i % 6 ? {} : { attributes: { dataSource: 'tv' }, origin: { system: 'crm', eventId: `e-${i}` } }),
        });
      }),
    });
    await app.call('POST', '/v1/bundles', { body: { subjectId: subjects[1], kind: 'withdraw-all', channel: 'web' } });
    rows = (await app.sql.query<LedgerRow>('SELECT * FROM ledger ORDER BY position')).rows;
    expect(rows.length).toBeGreaterThan(300);
  }, 60_000);
  afterAll(() => app.close());

  it('the event carries, and a fold of events alone yields the present state', async () => {
    const format = decisionFormat();
    format.learn(1, format.schema);
    const folded = new Map<string, TripleState>();
    for (const row of rows) {
      const event = format.decode(format.encode(1, ledgerRowToDecision(row)));
      expect(event).toEqual(ledgerRowToDecision(row));
      const key = tripleKey(tripleOf(event));
      folded.set(key, evolve(folded.get(key) ?? null, ledgerRowToEntry(row)));
    }
    const stored = await app.sql.query<StateRow>('SELECT * FROM current_state');
    expect(stored.rows).toHaveLength(folded.size);
    for (const row of stored.rows) {
      const key = tripleKey({ subjectId: row.subject_id, scopeId: row.scope_id, purposeId: row.purpose_id });
      expect([key, heldState(row).state]).toEqual([key, folded.get(key)]);
    }
  });

  it('is sealed: each row’s hash is that of its salt and its content, and no salt comes twice', () => {
    for (const row of rows) expect(hashOf(ledgerRowToEntry(row), row.salt).equals(row.row_hash)).toBe(true);
    expect(new Set(rows.map(({ salt }) => salt.toString('hex'))).size).toBe(rows.length);
    const [first] = rows;
    if (!first) throw new Error('no row');
    expect(hashOf(ledgerRowToEntry({ ...first, allowed: !first.allowed }), first.salt).equals(first.row_hash)).toBe(
      false,
    );
  });

  it('waits for the relay in the order of the ledger, each row on the partition of its subject', async () => {
    const outbox = await app.sql.query<{ position: string; partition: number; expected: number }>(
      'SELECT outbox.position, outbox.partition, subject.partition AS expected FROM outbox JOIN subject USING (subject_id) ORDER BY id',
    );
    expect(outbox.rows.map(({ position }) => position)).toEqual(rows.map(({ position }) => position));
    for (const row of outbox.rows) expect(row.partition).toBe(row.expected);
  });

  it('is attested by counts and heads per bucket', async () => {
    const { body } = await app.call<{ buckets: { bucket: number; decisions: number; headPosition: number }[] }>(
      'GET',
      '/v1/ledger/digest',
    );
    expect(body.buckets.reduce((sum, { decisions }) => sum + decisions, 0)).toBe(rows.length);
    expect(Math.max(...body.buckets.map(({ headPosition }) => headPosition))).toBe(Number(rows.at(-1)?.position));
  });

  it('is told per triple: the newest entry of what was asked for', async () => {
    const newest = rows.at(-1);
    const { body } = await app.call<{ decisionId: string; version: number; allowed: boolean }[]>(
      'POST',
      '/v1/ledger/heads',
      {
        body: {
          triples: [{ subjectId: newest?.subject_id, scopeId: newest?.scope_id, purposeId: newest?.purpose_id }],
        },
      },
    );
    expect(body).toMatchObject([
      { decisionId: newest?.decision_id, version: Number(newest?.version), allowed: newest?.allowed },
    ]);
    const byDecision = await app.call('POST', '/v1/ledger/heads', { body: { decisionIds: [newest?.decision_id] } });
    expect(byDecision.body).toEqual(body);
  });

  it('is told per triple with the version in force, which evidence without effect leaves behind', async () => {
    const subjectId = randomUUID();
    await app.call('PUT', `/v1/subjects/${subjectId}/facts`, { body: someFacts() });
    const decide = async (status: string, decidedAt: string) => {
      const body = aDecision({ subjectId, status, decidedAt });
      const answer = await app.call<{ decisionId: string; effective: boolean }>('POST', '/v1/decisions', { body });
      expect(answer.status).toBe(201);
      return answer.body;
    };
    // After four entries of the facts, two each: the newsletter for customers goes with it (C42).
    await decide('withdrawn', '2026-03-01T00:00:00Z');
    const granted = await decide('given', '2026-05-01T00:00:00Z');
    const heads = (decisionId: string) =>
      app.call('POST', '/v1/ledger/heads', { body: { decisionIds: [decisionId] } }).then(({ body }) => body);
    expect(await heads(granted.decisionId)).toMatchObject([
      { version: 7, allowed: true, effective: true, versionInForce: 7 },
    ]);
    const evidence = await decide('given', '2026-02-01T00:00:00Z');
    expect(evidence.effective).toBe(false);
    expect(await heads(granted.decisionId)).toMatchObject([
      { version: 9, decisionId: evidence.decisionId, allowed: true, effective: false, versionInForce: 7 },
    ]);
  });

  it('is told as a history, page by page, without a gap', async () => {
    const subjectId = rows[0]?.subject_id ?? '';
    const versions: number[] = [];
    for (let after = 0; ;) {
      const { body } = await app.call<{ version: number }[]>(
        'GET',
        `/v1/subjects/${subjectId}/decisions?after=${after}&limit=7`,
      );
      versions.push(...body.map(({ version }) => version));
      if (body.length < 7) break;
      after = versions.at(-1) ?? 0;
    }
    expect(versions).toEqual(rows.filter((row) => row.subject_id === subjectId).map(({ version }) => Number(version)));
  });
});
