import { type LineProblem } from '../http/facts.js';
import { type FileLine, LONGEST_LINE } from './read-lines.js';

/** A line that can be sent, or why it cannot; an empty line is neither. */
export type Fact =
  | { kind: 'empty' }
  | { kind: 'sendable'; text: string; subjectId: string }
  | { kind: 'bad'; problem: LineProblem; original: string };

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** Reads a line as far as sending it needs: the rest is for the server to judge. */
export function readFact({ bytes, tooLong }: FileLine): Fact {
  if (tooLong) return bad(`found more than ${LONGEST_LINE} bytes; expected one JSON object of at most that`, bytes);
  let text: string;
  try {
    text = utf8.decode(bytes).trim();
  } catch {
    return bad('found bytes that are not UTF-8; expected one JSON object in UTF-8', bytes);
  }
  if (text === '') return { kind: 'empty' };
  try {
    const value: unknown = JSON.parse(text);
    const { subjectId } = (value ?? {}) as { subjectId?: unknown };
    return { kind: 'sendable', text, subjectId: typeof subjectId === 'string' ? subjectId : '' };
  } catch (error) {
    return bad(`${(error as Error).message}; expected one JSON object`, bytes);
  }
}

const bad = (detail: string, bytes: Buffer): Fact => ({
  kind: 'bad',
  problem: { type: 'urn:consent:problem:malformed-json', title: 'The line is not JSON', status: 400, detail },
  original: bytes.toString('utf8').trimEnd(),
});
