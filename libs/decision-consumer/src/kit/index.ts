/** For tests of systems: given / when / then on a real database, and decisions in few words. */
export { type Answered, given, type Scenario } from './given.js';
export { decision, type DecisionInWords, SCOPE, SUBJECT } from './decision.js';
