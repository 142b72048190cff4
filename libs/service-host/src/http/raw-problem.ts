import { type Socket } from 'node:net';

const ANSWERS: Readonly<Record<string, { line: string; status: number; detail: string }>> = {
  HPE_HEADER_OVERFLOW: {
    line: '431 Request Header Fields Too Large',
    status: 431,
    detail: 'The headers are too large; expected at most 16 KiB',
  },
  ERR_HTTP_REQUEST_TIMEOUT: {
    line: '408 Request Timeout',
    status: 408,
    detail: 'The request was not complete in time; expected within 60 s',
  },
};
const MALFORMED = { line: '400 Bad Request', status: 400, detail: 'Expected a request in HTTP/1.1' };

/** Answers bytes that are not an HTTP request at all, before any route, as a problem document. */
export function rawProblem(error: Error & { code?: string }, socket: Socket): void {
  if (error.code === 'ECONNRESET' || socket.destroyed || !socket.writable) return;
  const { line, status, detail } = ANSWERS[error.code ?? ''] ?? MALFORMED;
  const body = JSON.stringify({
    type: 'urn:consent:problem:malformed-request',
    title: 'The request cannot be read',
    status,
    detail,
  });
  socket.end(
    `HTTP/1.1 ${line}\r\nContent-Type: application/problem+json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
