/*
 * For specs of systems, which need only a database:
 *   decision, decisionsOf   decisions in few words
 *   systemDatabase          the guard's tables and the system's, dropped after the spec
 *   given … when … then     the handler under the real guard
 *   applyAnyway             its effects without the guard, which must come out the same when they run twice
 *   holdBack                parks something of a subject, for real
 *   conformance             what every system promises, for any history
 *   openDoors, systemDoors  its HTTP doors, over a database given or one of their own
 */
export { type Answered, given, type Scenario } from './given.js';
export { decision, type DecisionInWords, decisionsOf, SCOPE, SUBJECT } from './decision.js';
export { type EffectiveRow, type SystemDatabase, systemDatabase } from './system-database.js';
export { applyAnyway } from './apply-anyway.js';
export { holdBack } from './hold-back.js';
export { conformance, type Promised, type SystemUnderTest } from './conformance.js';
export { type Answer, type Doors, type DoorsSettings, openDoors } from './open-doors.js';
export { type SystemDoors, systemDoors } from './system-doors.js';
