import { HEADERS } from '@consent/events';
import { type ConsumedRecord, headerText } from '@consent/kafka';

const TRACEPARENT = /^[0-9a-f]{2}-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/;
/** Longer than any id that the ledger gives. */
const LONGEST_REPLAY_ID = 200;

type Headers = Pick<ConsumedRecord, 'headers'>;

/*
 * What an acknowledgement repeats of its record's headers. Any producer may write any length: what is passed on is bounded,
 * or the acknowledgement would fit on no topic, and all that wait behind it with it.
 */

/** W3C Trace Context; undefined when there is none, or what is there is none. */
export function traceparentOf(record: Headers): string | undefined {
  const text = headerText(record, HEADERS.traceparent);
  return text !== undefined && TRACEPARENT.test(text) ? text : undefined;
}

/** Id of the replay run; cut where it is longer than an id is. */
export const replayIdOf = (record: Headers): string | undefined =>
  headerText(record, HEADERS.replayId)?.slice(0, LONGEST_REPLAY_ID);
