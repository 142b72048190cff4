/** Why records were not confirmed. Only NOT_CONFIRMED is worth another try. */
export type SendErrorCode = 'NOT_CONFIRMED' | 'RECORD_TOO_LARGE' | 'CLOSED';

/** Records were not confirmed by the broker; those of a NOT_CONFIRMED send may have arrived all the same. */
export class KafkaSendError extends Error {
  override name = 'KafkaSendError';
  readonly retriable: boolean;

  constructor(
    readonly code: SendErrorCode,
    message: string,
    cause?: unknown,
  ) {
    super(cause instanceof Error ? `${message}: ${cause.message}` : message, { cause });
    this.retriable = code === 'NOT_CONFIRMED';
  }
}

/** Kafka's MESSAGE_TOO_LARGE and RECORD_LIST_TOO_LARGE. */
const TOO_LARGE = [10, 18];

/** Whether a record is larger than its topic takes: as we count, or as the broker says. No other try mends that. */
export const isTooLarge = (error: unknown): boolean =>
  error instanceof KafkaSendError && (error.code === 'RECORD_TOO_LARGE' || hasCode(error, TOO_LARGE));

/** Kafka error codes that a producer never recovers from: sequence, duplicate sequence, epoch, id mapping, unknown id. */
const FATAL_TO_A_PRODUCER = [45, 46, 47, 49, 59];

/** Whether only a new producer (new id, sequences from 0) can send the records. */
export const needsNewProducer = (error: unknown): boolean => hasCode(error, FATAL_TO_A_PRODUCER);

/** Of the error itself or of what caused it. */
function hasCode(error: unknown, codes: readonly number[]): boolean {
  for (let e: unknown = error, depth = 0; e instanceof Error && depth < 5; e = e.cause, depth++) {
    const code = (e as { code?: unknown }).code;
    if (typeof code === 'number' && codes.includes(code)) return true;
  }
  return false;
}
