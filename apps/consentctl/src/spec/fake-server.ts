import { createServer, type IncomingMessage } from 'node:http';
import { type AddressInfo } from 'node:net';

export interface Request {
  route: string;
  query: URLSearchParams;
  headers: IncomingMessage['headers'];
  body: unknown;
}
export type Routes = Record<string, (request: Request) => unknown>;

export interface FakeServer {
  url: string;
  /** Everything that was asked, in order. */
  requests: Request[];
  close: () => Promise<void>;
}

const NOT_KNOWN = { type: 'urn:consent:problem:thing-unknown', title: 'The thing is not known' };
const NDJSON = 'application/x-ndjson';

/** An HTTP server that answers `GET /path` routes with JSON; `status()` and `raw()` answer otherwise, no route is 404. */
export async function fakeServer(routes: Routes): Promise<FakeServer> {
  const requests: Request[] = [];
  const server = createServer((incoming, response) => {
    void (async () => {
      const url = new URL(incoming.url ?? '/', 'http://fake');
      const text = await bodyOf(incoming);
      const route = `${incoming.method} ${url.pathname}`;
      const many = incoming.headers['content-type'] === NDJSON;
      const body: unknown = text === '' ? undefined : many ? text.split('\n').map(parsed) : JSON.parse(text);
      const request = { route, query: url.searchParams, headers: incoming.headers, body };
      requests.push(request);
      const answer = (await routes[route]?.(request)) ?? status(404, { ...NOT_KNOWN, detail: `no ${url.pathname}` });
      if (answer instanceof Raw) return void response.end(answer.text);
      const { code, body: content, headers } = answer instanceof Status ? answer : new Status(200, answer);
      const lines = many && Array.isArray(content);
      response
        .writeHead(code, { 'content-type': lines ? NDJSON : 'application/json', ...headers })
        .end(lines ? content.map((line) => `${JSON.stringify(line)}\n`).join('') : JSON.stringify(content));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    close: () => new Promise((resolve) => void server.close(() => resolve()).closeAllConnections()),
  };
}

class Status {
  constructor(
    readonly code: number,
    readonly body: unknown,
    readonly headers: Record<string, string> = {},
  ) {}
}
class Raw {
  constructor(readonly text: string) {}
}
export const status = (code: number, body: unknown = {}, headers: Record<string, string> = {}): unknown =>
  new Status(code, body, headers);
export const raw = (text: string): unknown => new Raw(text);

function parsed(line: string): unknown {
  try {
    return JSON.parse(line) as unknown;
  } catch {
    return line;
  }
}

async function bodyOf(incoming: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of incoming) parts.push(part as Buffer);
  return Buffer.concat(parts).toString('utf8');
}
