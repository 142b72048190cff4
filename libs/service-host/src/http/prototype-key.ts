import { ProblemError } from './problem-error.js';

/** Any key that is looked for, also spelt with escapes. */
const SUSPECT = /__proto__|constructor|\\u/;

/**
 * Refuses a document with a key that reaches for an object's prototype: whoever copies such an object may change all others,
 * or lose the key without a word.
 * @param text valid JSON @param read what JSON.parse made of it
 * @returns 400 naming the key, or null
 */
export function prototypeKey(text: string, read: unknown): ProblemError | null {
  const place = SUSPECT.test(text) ? placeIn(read) : null;
  if (place === null) return null;
  const expected = 'no key named __proto__ or constructor.prototype';
  return new ProblemError(400, 'malformed-json', 'The input is not usable', `Found ${place}; expected ${expected}`, {
    errors: [{ path: place, message: 'reaches for the prototype', expected }],
  });
}

/** Without recursion: how deep the document goes has not been judged yet. */
function placeIn(document: unknown): string | null {
  const left = [{ value: document, path: '' }];
  for (let one = left.pop(); one !== undefined; one = left.pop()) {
    const { value: within, path } = one;
    if (typeof within !== 'object' || within === null) continue;
    for (const [key, value] of Object.entries(within) as [string, unknown][]) {
      const place = Array.isArray(within) ? `${path}[${key}]` : path.length > 0 ? `${path}.${key}` : key;
      if (key === '__proto__') return place;
      if (key === 'constructor' && hasPrototype(value)) return `${place}.prototype`;
      left.push({ value, path: place });
    }
  }
  return null;
}

const hasPrototype = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, 'prototype');
