import { ProblemError } from '@consent/service-host';
import { type Refusal } from '../../record/refusal.js';
import { refusalProblem } from './refusal-problem.js';

/** Of an item that is not recorded: its index in the bundle, from 0. */
export interface RefusedItem {
  item: number;
  refusal: Refusal;
}

/** The problem document of a bundle, which is one act: none of it is recorded where an item cannot be. */
export function bundleProblem(refused: readonly RefusedItem[], items: number): ProblemError {
  const problems = refused.map(({ item, refusal }) => ({ item, problem: refusalProblem(refusal).toDocument() }));
  return new ProblemError(
    422,
    'bundle-refused',
    'A bundle is recorded as a whole, or not at all',
    `Found ${refused.length} of ${items} items that cannot be recorded (${problems.map(({ item, problem }) => `items.${item}: ${problem.detail}`).join('; ')}); expected none: nothing is recorded`,
    { refused: problems },
  );
}
