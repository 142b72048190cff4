/** Largest body taken, in bytes: a batch of 1,000 lines with room to spare. */
export const BODY_LIMIT = 4 * 1_048_576;
