import { readFileSync } from 'node:fs';
import { type SystemId } from '@consent/events';
import { z } from 'zod';

/** Purposes of another catalogue, each treated as one that the system knows. For benchmarks; none in production. */
export type StandIns<P extends string> = Readonly<Record<string, P>>;

/** Key STAND_IN_PURPOSES: a JSON file that says for each system which purposes stand in for those of another catalogue. */
export function standInPurposes<P extends string>(systemId: SystemId, purposes: readonly [P, ...P[]]) {
  const file = z.object({ [systemId]: z.record(z.string(), z.enum(purposes)) });
  return z
    .string()
    .optional()
    .transform((name, context): StandIns<P> => {
      if (name === undefined) return {};
      const standIns = file.safeParse(json(name)).data?.[systemId];
      if (standIns) return standIns;
      context.addIssue({
        code: 'custom',
        message: `expected a JSON file in which ${systemId} maps purpose ids to purposes that it knows`,
      });
      return z.NEVER;
    });
}

function json(name: string): unknown {
  try {
    return JSON.parse(readFileSync(name, 'utf8'));
  } catch {
    return undefined;
  }
}
