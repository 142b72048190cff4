/*
 * The wire. Words used here and everywhere (docs/glossary.md has the rest):
 *   subject          the person, by a random id
 *   decision         one immutable change of one (subject, scope, purpose)
 *   opening/closing  a decision after which the purpose is allowed / not allowed
 *   system           a downstream that must honour decisions
 *   acknowledgement  a system's statement "applied decision N at T"
 *   heartbeat        a synthetic decision sent through everything, each second, each partition
 *   lane             live or bulk, in the outbox
 */
export * from './wire.generated.js';
export * from './names.js';
export * from './wire-format.js';
export * from './triple.js';
export * from './uuid.js';
