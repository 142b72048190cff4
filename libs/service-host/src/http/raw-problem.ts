import { type Server, STATUS_CODES } from 'node:http';
import { type Socket } from 'node:net';
import { type Duplex } from 'node:stream';
import { PROBLEM_JSON } from './problem-filter.js';
import { ProblemError } from './problem-error.js';

const ANSWERS: Readonly<Record<string, { status: number; detail: string }>> = {
  HPE_HEADER_OVERFLOW: {
    status: 431,
    detail: 'The headers are too large; expected at most 16 KiB',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    status: 408,
    detail: 'The request was not complete in time; expected within 60 s',
  },
};
/** How long a caller may keep the connection once it is answered. */
const LINGER_MS = 1_000;

/** Of Node's parser: `reason` is a text of its own, which quotes nothing of the request. */
type ParserError = Error & { code?: string; reason?: string };

const malformed = ({ reason }: ParserError): { status: number; detail: string } => ({
  status: 400,
  detail: reason ? `${reason}; expected a request in HTTP/1.1` : 'Expected a request in HTTP/1.1',
});

/** Answers bytes that are not an HTTP request at all, before any route, as a problem document. */
export function rawProblem(error: ParserError, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return;
  const { status, detail } = ANSWERS[error.code ?? ''] ?? malformed(error);
  write(socket, new ProblemError(status, 'malformed-request', 'The request cannot be read', detail));
}

/** Answers what Node hands to no route, as problem documents: other expectations than 100-continue, and CONNECT. */
export function answerUnrouted(server: Server): void {
  server.on('checkExpectation', ({ headers }, response) => {
    const body = JSON.stringify(expectationFailed(headers.expect ?? '').toDocument());
    response.writeHead(417, { 'content-type': PROBLEM_JSON, 'content-length': Buffer.byteLength(body) }).end(body);
  });
  server.on('connect', (_request, socket) => {
    // Node has let go of the socket: without a listener, a caller that goes away would end the process.
    socket.on('error', () => undefined);
    write(socket, noTunnels());
  });
}

const FOUND_LIMIT = 60;

const expectationFailed = (found: string): ProblemError =>
  new ProblemError(
    417,
    'expectation-failed',
    'The expectation cannot be met',
    `header expect: found ${found.length > FOUND_LIMIT ? `${found.slice(0, FOUND_LIMIT)}…` : found}; expected 100-continue, or none`,
  );

const noTunnels = (): ProblemError =>
  new ProblemError(
    501,
    'method-not-implemented',
    'No service here makes tunnels',
    'Found CONNECT; expected a method of a path, such as GET',
  );

function write(socket: Duplex, problem: ProblemError): void {
  const body = JSON.stringify(problem.toDocument());
  // The caller's side is read to its end, unheard: bytes left lying there would reset the connection, and with it the answer.
  socket.resume();
  const lingering = setTimeout(() => socket.destroy(), LINGER_MS);
  socket.once('close', () => clearTimeout(lingering));
  socket.end(
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status] ?? ''}\r\nContent-Type: ${PROBLEM_JSON}\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
