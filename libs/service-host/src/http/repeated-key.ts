import { ProblemError } from './problem-error.js';

const BACKSLASH = 0x5c;
const COLON = 0x3a;

/**
 * Refuses a document of which JSON.parse has kept the last of several values of one key: the caller may have meant another.
 * Costs about half of what JSON.parse does: keys are counted in the text and in what was read, and looked at only when the
 * counts differ.
 * @param text valid JSON @param read what JSON.parse made of it
 * @returns 400 naming the key, or null
 */
export function repeatedKey(text: string, read: unknown): ProblemError | null {
  if (keysInText(text) === keysIn(read)) return null;
  const place = firstRepeated(text);
  return new ProblemError(
    400,
    'repeated-key',
    'A key is repeated',
    `Found ${place || 'the empty key'} more than once in one object; expected each key once`,
    { errors: [{ path: place, message: 'found more than once', expected: 'each key once' }] },
  );
}

function keysInText(text: string): number {
  let keys = 0;
  for (let start = text.indexOf('"'); start >= 0;) {
    const end = endOfString(text, start);
    const next = afterSpace(text, end + 1);
    if (text.charCodeAt(next) === COLON) keys++;
    start = text.indexOf('"', next);
  }
  return keys;
}

/** Without recursion: how deep the document goes has not been judged yet. */
function keysIn(document: unknown): number {
  let keys = 0;
  const objects: object[] = typeof document === 'object' && document !== null ? [document] : [];
  for (let object = objects.pop(); object !== undefined; object = objects.pop()) {
    const isArray = Array.isArray(object);
    for (const key in object) {
      if (!isArray) keys++;
      const value = (object as Record<string, unknown>)[key];
      if (typeof value === 'object' && value !== null) objects.push(value);
    }
  }
  return keys;
}

/** An object or an array that the scan is in. */
interface Level {
  /** Null in an array. */
  keys: Set<string> | null;
  /** The key or the index that it is at. */
  at: string;
  entries: number;
}

/** Path of the first key that stands a second time in its object, such as `scope.id` or `[3].status`. */
function firstRepeated(text: string): string {
  const levels: Level[] = [];
  for (let i = 0; i < text.length; i++) {
    const level = levels.at(-1);
    switch (text.charAt(i)) {
      case '{':
        levels.push({ keys: new Set(), at: '', entries: 0 });
        break;
      case '[':
        levels.push({ keys: null, at: '[0]', entries: 0 });
        break;
      case '}':
      case ']':
        levels.pop();
        break;
      case ',':
        if (level?.keys === null) level.at = `[${++level.entries}]`;
        break;
      case '"': {
        const end = endOfString(text, i);
        if (level?.keys && text.charCodeAt(afterSpace(text, end + 1)) === COLON) {
          const key = JSON.parse(text.slice(i, end + 1)) as string;
          level.at = key;
          if (level.keys.has(key)) return pathOf(levels);
          level.keys.add(key);
        }
        i = end;
      }
    }
  }
  return 'a key';
}

const pathOf = (levels: readonly Level[]): string =>
  levels.reduce((path, { keys, at }) => (keys && path !== '' ? `${path}.${at}` : `${path}${at}`), '');

/** Place of the quote that ends the string which begins at `start`. */
export function endOfString(text: string, start: number): number {
  for (let end = text.indexOf('"', start + 1); end >= 0; end = text.indexOf('"', end + 1)) {
    let slashes = 0;
    while (text.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return end;
  }
  return text.length;
}

function afterSpace(text: string, from: number): number {
  let i = from;
  for (let code = text.charCodeAt(i); code === 0x20 || code === 0x0a || code === 0x0d || code === 0x09;)
    code = text.charCodeAt(++i);
  return i;
}
