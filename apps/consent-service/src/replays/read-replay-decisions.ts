import { type Reader } from '../ledger/read-positions.js';

/** The frozen list of a replay, in the order in which it is sent, from behind the decision `after`. */
export async function readReplayDecisions(
  reader: Reader,
  replayId: string,
  after: string | null,
  limit: number,
): Promise<string[]> {
  const { rows } = await reader.query<{ decisionId: string }>(
    `SELECT ledger.decision_id AS "decisionId"
       FROM replay_item AS item JOIN ledger USING (position)
      WHERE item.replay_id = $1::uuid AND item.ordinal > coalesce((
        SELECT known.ordinal FROM ledger AS last JOIN replay_item AS known USING (position)
         WHERE last.decision_id = $2::uuid AND known.replay_id = $1::uuid), 0)
      ORDER BY item.ordinal LIMIT $3`,
    [replayId, after, limit],
  );
  return rows.map(({ decisionId }) => decisionId);
}
