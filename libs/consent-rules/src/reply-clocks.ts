import { addPeriod } from './calendar.js';
import { type LedgerEntry } from './types.js';

/** One month, and two more where the number or the complexity of requests asks for it (section 11, GDPR art. 12(3)). */
const REPLY = 'P1M';
const EXTENDED_REPLY = 'P3M';

/** Why a reply may take longer: the statement knows these two. */
export const EXTENSION_REASONS = ['number-of-requests', 'complexity'] as const;

/** The two clocks of one reply; epoch ms. They say when the person is answered, never when a choice is applied (C03). */
export interface ReplyClocks {
  /** Counted from the receipt, as the GDPR does; past it there is an alarm (C02). */
  replyBy: number;
  /** The date shown to the person: counted from when all information was in, as the statement does; null until then (C02). */
  promisedBy: number | null;
}

/** @param receivedAt epoch ms @param completeAt epoch ms; null while information is missing */
export function replyClocks(receivedAt: number, completeAt: number | null, extended: boolean): ReplyClocks {
  const period = extended ? EXTENDED_REPLY : REPLY;
  return {
    replyBy: addPeriod(receivedAt, period),
    promisedBy: completeAt === null ? null : addPeriod(completeAt, period),
  };
}

/** Until when the person can be told that the reply takes longer: within the first month (GDPR art. 12(3)). */
export const extensionNoticeBy = (receivedAt: number): number => addPeriod(receivedAt, REPLY);

/** When a reasoned objection was received: recorded, or decided where that was before. A letter is on its way, and lies about. */
export const receiptOf = ({ decidedAt, receivedAt }: Pick<LedgerEntry, 'decidedAt' | 'receivedAt'>): number =>
  Math.min(decidedAt, receivedAt);
