import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

export interface Sent {
  /** Decisions sent, whatever became of them. */
  sent: number;
  perSecond: number;
  failed: number;
  firstFailure: string;
}

/** Decisions that each have a (subject, scope, purpose) of their own, so that every one inserts in every system. */
export interface Load {
  /** Registers the facts of the people that the next `decisions` decisions are about. */
  prepare(decisions: number): Promise<void>;
  /** @param lines decisions a request: 1 goes through the single door, more through the batch door */
  send(lines: number): Promise<void>;
  /** Open loop: `perSecond` decisions for `seconds`, however late the answers are. @returns decisions a second really sent */
  steady(perSecond: number, seconds: number, lines: number): Promise<Sent>;
}

const PURPOSES = 20;
/** The bench catalogue's first ten purposes are opt-in, the others opt-out: openings and closings in equal parts. */
const OPT_IN = 10;

export function load(consentUrl: string, token: string): Load {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });
  /** One decision of each person, then the next of each: two requests in flight seldom meet at one person. */
  const waiting: { subjectId: string; line: string; purpose: number }[] = [];

  const post = (path: string, type: string, body: string): Promise<void> =>
    new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${token}`,
        'content-type': type,
        'content-length': Buffer.byteLength(body),
        'idempotency-key': randomUUID(),
      };
      const request = http.request(new URL(path, consentUrl), { method: 'POST', agent, headers }, (response) => {
        let refused = '';
        response.on('data', (chunk: Buffer) => {
          const text = chunk.toString();
          if ((response.statusCode ?? 500) >= 300 || text.includes('"problem"')) refused += text;
        });
        response.on('end', () =>
          refused === ''
            ? resolve()
            : reject(new Error(`${path} answers ${response.statusCode}: ${refused.slice(0, 400)}`)),
        );
      });
      request.on('error', reject);
      request.end(body);
    });

  function decisionLine(): string {
    const choice = waiting.pop();
    if (!choice) throw new Error('More decisions sent than prepared');
    return JSON.stringify({
      subjectId: choice.subjectId,
      scope: { level: 'line', id: choice.line },
      purposeId: `bench-${String(choice.purpose + 1).padStart(2, '0')}`,
      status: choice.purpose < OPT_IN ? 'given' : 'objected',
      decidedAt: new Date().toISOString(),
      channel: 'myproximus-web',
    });
  }

  const self: Load = {
    async prepare(decisions) {
      const people = Array.from({ length: Math.ceil(decisions / PURPOSES) }, () => ({
        subjectId: randomUUID(),
        lines: Array.from({ length: PURPOSES }, () => randomUUID()),
      }));
      const facts = people.map(({ subjectId, lines }) =>
        JSON.stringify({
          subjectId,
          brand: 'proximus',
          roles: ['customer'],
          minor: false,
          scopes: lines.map((id) => ({ level: 'line', id, brand: 'proximus' })),
        }),
      );
      for (let at = 0; at < facts.length; at += 100)
        await post('/v1/facts/batch', 'application/x-ndjson', facts.slice(at, at + 100).join('\n'));
      for (let purpose = 0; purpose < PURPOSES; purpose++)
        for (const { subjectId, lines } of people) waiting.push({ subjectId, line: lines[purpose] ?? '', purpose });
    },
    async send(lines) {
      if (lines === 1) return post('/v1/decisions', 'application/json', decisionLine());
      const body = Array.from({ length: lines }, decisionLine).join('\n');
      return post('/v1/decisions/batch', 'application/x-ndjson', body);
    },
    async steady(perSecond, seconds, lines) {
      const open = new Set<Promise<void>>();
      const started = performance.now();
      let sent = 0;
      let failed = 0;
      let firstFailure = '';
      for (let elapsed = 0; elapsed < seconds; elapsed = (performance.now() - started) / 1000) {
        const due = Math.floor(Math.min(seconds, elapsed) * perSecond);
        while (sent + lines <= due && open.size < 64) {
          sent += lines;
          const request = self.send(lines).catch((error: unknown) => {
            failed += lines;
            firstFailure ||= String(error);
          });
          open.add(request);
          void request.finally(() => open.delete(request));
        }
        await pause(2);
      }
      await Promise.all(open);
      return { sent, failed, firstFailure, perSecond: sent / ((performance.now() - started) / 1000) };
    },
  };
  return self;
}
