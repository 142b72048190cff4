/** SQLSTATE classes and codes after which the same statement may well succeed: retried, never parked. */
const CLASSES = ['08', '53', '57', '58'];
const CODES = ['40001', '40P01', '55P03', '55006', '25P03', 'XX000', '3D000', '55000'];
const SOCKET = [
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOTFOUND',
  'EAI_AGAIN',
];
/** What pg says, without any code, of a connection that went away. */
const CONNECTION_LOST =
  /connection terminated|timeout (exceeded|expired)|connection ended|client (has|was) (encountered|closed)|not queryable/i;

/**
 * Whether a database error will pass by itself: connection lost, server restarting, deadlock, resources exhausted, disk
 * full, corrupt-looking internal state after a crash, a database that is missing or takes no connection while it is restored. Everything else is about the data or the statement: permanent.
 */
export function isTransient(error: unknown): boolean {
  for (let e: unknown = error, depth = 0; e instanceof Error && depth < 5; e = e.cause, depth++) {
    const code = (e as { code?: unknown }).code;
    if (typeof code === 'string') {
      if (CODES.includes(code) || SOCKET.includes(code)) return true;
      if (/^[0-9A-Z]{5}$/.test(code) && CLASSES.includes(code.slice(0, 2))) return true;
    }
    if (e instanceof AggregateError && e.errors.some(isTransient)) return true;
    if (CONNECTION_LOST.test(e.message)) return true;
  }
  return false;
}
