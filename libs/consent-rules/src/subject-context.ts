import { PROFESSIONALS, type Role } from './types.js';

/** As what a subject is known: one person may be both, and is two subjects then, each with decisions of its own (C44). */
export type SubjectContext = 'private' | 'professional';

export const contextOf = (role: Role): SubjectContext => (PROFESSIONALS.includes(role) ? 'professional' : 'private');

/** The contexts that roles belong to: none without roles, more than one for no subject there may be. */
export const contextsOf = (roles: readonly Role[]): ReadonlySet<SubjectContext> => new Set(roles.map(contextOf));
