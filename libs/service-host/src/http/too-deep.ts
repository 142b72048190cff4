import { ProblemError } from './problem-error.js';

const LEVELS = 32;

/** Whether a document is nested deeper than any reader of ours goes; found without recursion. */
export function isTooDeep(document: unknown): boolean {
  let level: unknown[] = [document];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > LEVELS) return true;
    level = level.flatMap((value): unknown[] =>
      typeof value === 'object' && value !== null ? Object.values(value) : [],
    );
  }
  return false;
}

export const tooDeep = (): ProblemError =>
  new ProblemError(
    400,
    'malformed-json',
    'The input is not usable',
    `The JSON is nested too deeply; expected at most ${LEVELS} levels`,
  );
