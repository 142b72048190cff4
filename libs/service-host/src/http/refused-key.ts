import { type ProblemError } from './problem-error.js';
import { prototypeKey } from './prototype-key.js';
import { repeatedKey } from './repeated-key.js';

/**
 * A key that no door takes, wherever in the document it is: one that reaches for a prototype, or is repeated.
 * @param text valid JSON @param read what JSON.parse made of it
 * @returns 400 naming the key, or null
 */
export const refusedKey = (text: string, read: unknown): ProblemError | null =>
  prototypeKey(text, read) ?? repeatedKey(text, read);
