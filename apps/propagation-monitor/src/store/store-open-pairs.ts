import { plainArray, type Transaction } from '@consent/postgres';
import { type OpenPair, type Transition } from '../gather/transition.js';

const INSERT = `
INSERT INTO open_pair (system_id, clock_start, decision_id, direction, apply_by, state)
SELECT system_id, to_timestamp(clock_start / 1000), decision_id, direction, to_timestamp(apply_by / 1000), state
  FROM unnest($1::text[], $2::float8[], $3::uuid[], $4::text[], $5::float8[], $6::text[])
    AS new (system_id, clock_start, decision_id, direction, apply_by, state)
ON CONFLICT DO NOTHING`;

const MOVE = `
UPDATE open_pair AS pair SET state = new.state
  FROM unnest($1::text[], $2::float8[], $3::uuid[], $4::text[]) AS new (system_id, clock_start, decision_id, state)
 WHERE pair.system_id = new.system_id AND pair.clock_start = to_timestamp(new.clock_start / 1000)
   AND pair.decision_id = new.decision_id`;

const DELETE = `
DELETE FROM open_pair AS pair
 USING unnest($1::text[], $2::float8[], $3::uuid[]) AS gone (system_id, clock_start, decision_id)
 WHERE pair.system_id = gone.system_id AND pair.clock_start = to_timestamp(gone.clock_start / 1000)
   AND pair.decision_id = gone.decision_id`;

/** Keeps the table of open pairs in step with the propagations. */
export async function storeOpenPairs(tx: Transaction, transitions: readonly Transition[]): Promise<void> {
  const opened = transitions.flatMap((t) => t.opened);
  const moved = transitions.flatMap((t) => t.moved);
  const closed = transitions.flatMap((t) => t.closed);
  const states = (pairs: readonly OpenPair[]): string => plainArray(pairs.map((pair) => pair.state));
  if (opened.length > 0)
    await tx.query(
      INSERT,
      [
        ...keyColumns(opened),
        plainArray(opened.map((pair) => pair.direction)),
        plainArray(opened.map((pair) => pair.applyBy)),
        states(opened),
      ],
      'insert-open-pairs',
    );
  if (moved.length > 0) await tx.query(MOVE, [...keyColumns(moved), states(moved)], 'move-open-pairs');
  if (closed.length > 0) await tx.query(DELETE, keyColumns(closed), 'delete-open-pairs');
}

const keyColumns = (pairs: readonly OpenPair[]): string[] => [
  plainArray(pairs.map((pair) => pair.systemId)),
  plainArray(pairs.map((pair) => pair.clockStart)),
  plainArray(pairs.map((pair) => pair.decisionId)),
];
