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

/** Kafka error codes that a producer never recovers from: sequence, duplicate sequence, epoch, id mapping, unknown id. */
const FATAL_TO_A_PRODUCER = [45, 46, 47, 49, 59];

/** Whether only a new producer (new id, sequences from 0) can send the records. */
export function needsNewProducer(error: unknown): boolean {
  for (let e: unknown = error, depth = 0; e instanceof Error && depth < 5; e = e.cause, depth++) {
    const code = (e as { code?: unknown }).code;
    if (typeof code === 'number' && FATAL_TO_A_PRODUCER.includes(code)) return true;
  }
  return false;
}
