import { SYSTEMS, type SystemId } from '@consent/events';
import { isTransient } from '@consent/postgres';
import { ProblemError } from '@consent/service-host';

export const unknownDecision = (decisionId: string): ProblemError =>
  new ProblemError(
    404,
    'unknown-decision',
    'The decision has not been seen',
    `Neither the decision ${decisionId} nor an answer to it has been read from the topics, or it is past its retention`,
  );

/** @throws ProblemError when there is no such system */
export function knownSystem(id: string): SystemId {
  const found = SYSTEMS.find((system) => system === id);
  if (!found)
    throw new ProblemError(
      404,
      'unknown-system',
      'There is no such system',
      `Found ${id}; expected one of ${SYSTEMS.join(', ')}`,
    );
  return found;
}

/** A database that is away is no fault of the monitor's code, and no statement about any system. */
export const problemOf = (error: unknown): ProblemError | undefined =>
  isTransient(error)
    ? new ProblemError(
        503,
        'unavailable',
        'The status cannot be read',
        'The database is away; try again in a moment',
        {},
        { 'retry-after': '1' },
      )
    : undefined;
