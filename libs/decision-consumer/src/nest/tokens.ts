/** Nest injection token of the SHA-256, in hex, of the operators' token; undefined where none is configured. */
export const OPS_TOKEN_HASH = Symbol('SHA-256 of the operators token');
