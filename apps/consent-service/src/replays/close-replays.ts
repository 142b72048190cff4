import { HEADERS } from '@consent/events';
import { type Reader } from '../ledger/read-positions.js';

/** Marks replays done whose last record the broker has confirmed: nothing of them waits in the outbox. */
export async function closeReplays(reader: Reader): Promise<void> {
  await reader.query(`
    UPDATE replay_run AS run SET state = 'done', done_at = clock_timestamp()
     WHERE state = 'enqueued' AND NOT EXISTS (
       SELECT FROM outbox
        WHERE lane = 1 AND id <= run.last_outbox_id AND headers ->> '${HEADERS.replayId}' = run.replay_id::text)`);
}
