import { withTransaction } from '@consent/postgres';
import { type DataSource } from 'typeorm';
import { type ToPark } from '../core/conclude.js';
import { type Unreadable } from '../core/arrival.js';
import { holdBack as alignStates, park } from '../store/park.js';
import { decision } from './decision.js';

let offset = 0;

/**
 * Parks a decision of the triple; without one, bytes that cannot be read, for which the whole subject waits. Tables of the
 * system stay as they are, as after a failed effect.
 * @returns takes what was parked away again
 */
export async function holdBack(
  dataSource: DataSource,
  subjectId: string,
  triple?: { scopeId: string; purposeId: string },
): Promise<() => Promise<void>> {
  const record = { ...RECORD, offset: offset++, key: Buffer.from(subjectId) };
  const item: ToPark | Unreadable = triple
    ? { arrival: { decision: parked(subjectId, triple), record, replay: null, parkedId: null }, parkedId: null, ...WHY }
    : { record, subjectId, parkedId: null, ...WHY };
  await withTransaction(dataSource, async (tx) => {
    await park(tx, [item], Date.now());
    await alignStates(tx, [subjectId]);
  });
  return () =>
    withTransaction(dataSource, async (tx) => {
      await tx.query('DELETE FROM parked_decision WHERE topic = $1 AND record_offset = $2', [
        record.topic,
        record.offset,
      ]);
      await alignStates(tx, [subjectId]);
    });
}

const RECORD = { topic: 'held-back', partition: 0, timestamp: 0, value: Buffer.alloc(0), headers: {} };
const WHY = { reason: 'spec', detail: 'parked by a spec' };

const parked = (subjectId: string, triple: { scopeId: string; purposeId: string }) =>
  decision('directory-listing', { ...triple, subjectId, version: 1_000 });
