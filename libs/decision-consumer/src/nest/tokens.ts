/** Nest injection token of the SHA-256 of the operators' token; undefined when none is needed. */
export const OPS_TOKEN_HASH = Symbol('SHA-256 of the operators token');
