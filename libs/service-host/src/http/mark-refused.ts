import { refusedKey } from './refused-key.js';
import { endOfString } from './repeated-key.js';

/**
 * The entries of an array, with a problem in place of each one with a key that is refused: who answers entry by entry goes on with
 * the others, and a problem is no input anywhere.
 * @param text valid JSON of an array @param read what JSON.parse made of it
 */
export function markRefused(text: string, read: readonly unknown[]): unknown[] {
  const entries = [...entriesOf(text)];
  return read.map((value, index) => refusedKey(entries[index] ?? '', value) ?? value);
}

function* entriesOf(text: string): Generator<string> {
  let depth = 0;
  let start = 0;
  for (let i = 0; i < text.length; i++) {
    const character = text.charAt(i);
    if (character === '"') i = endOfString(text, i);
    else if (character === '[' || character === '{') {
      if (++depth === 1) start = i + 1;
    } else if (character === ']' || character === '}') {
      if (--depth === 0) yield text.slice(start, i);
    } else if (character === ',' && depth === 1) {
      yield text.slice(start, i);
      start = i + 1;
    }
  }
}
