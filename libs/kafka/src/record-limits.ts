const DEAD_LETTERS = /consent\.dead-letters$/;

/** What a broker takes by default, and every topic of ours explicitly. */
const MESSAGE_BYTES = 1_048_588;
/**
 * A dead letter is a record of another topic with more headers, and those it came with as text: a byte that is no UTF-8
 * becomes three.
 */
const DEAD_LETTER_BYTES = 4 * 1_048_576;
/** Of the batch around a record. */
const BATCH_BYTES = 1_024;

/** `max.message.bytes` of a topic: the largest batch that its partitions take. */
export const maxMessageBytes = (topic: string): number =>
  DEAD_LETTERS.test(topic) ? DEAD_LETTER_BYTES : MESSAGE_BYTES;

/** The largest record that `send` takes for a topic, as `bytesOf` counts. */
export const maxRecordBytes = (topic: string): number => maxMessageBytes(topic) - BATCH_BYTES;
