import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';

/** Decisions that each have a (subject, scope, purpose) of their own, so that every one inserts in every system. */
export interface Load {
  /** Registers the facts of the people that the next `decisions` decisions are about. */
  prepare(decisions: number): Promise<void>;
  /** @param lines decisions a request: 1 goes through the single door, more through the batch door */
  send(lines: number): Promise<void>;
  /** Open loop: `perSecond` decisions for `seconds`, however late the answers are. @returns decisions a second really sent */
  steady(
    perSecond: number,
    seconds: number,
    lines: number,
  ): Promise<{ sent: number; perSecond: number; failed: number }>;
}

const PURPOSES = 20;

export function load(consentUrl: string, token: string): Load {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });
  const people: { subjectId: string; lines: string[] }[] = [];
  let next = 0;

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
    const index = next++;
    const person = people[Math.floor(index / PURPOSES)];
    const purpose = index % PURPOSES;
    if (!person) throw new Error('More decisions sent than prepared');
    return JSON.stringify({
      subjectId: person.subjectId,
      scope: { level: 'line', id: person.lines[purpose] },
      purposeId: `bench-${String(purpose + 1).padStart(2, '0')}`,
      status: 'given',
      decidedAt: new Date().toISOString(),
      channel: 'myproximus-web',
    });
  }

  const self: Load = {
    async prepare(decisions) {
      const wanted = Math.ceil((next + decisions) / PURPOSES);
      while (people.length < wanted) {
        const batch = Array.from({ length: Math.min(500, wanted - people.length) }, () => ({
          subjectId: randomUUID(),
          lines: Array.from({ length: PURPOSES }, () => randomUUID()),
        }));
        people.push(...batch);
        const facts = batch.map(({ subjectId, lines }) =>
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
      }
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
      for (let elapsed = 0; elapsed < seconds; elapsed = (performance.now() - started) / 1000) {
        const due = Math.floor(Math.min(seconds, elapsed) * perSecond);
        while (sent + lines <= due && open.size < 64) {
          sent += lines;
          const request = self.send(lines).catch(() => void (failed += lines));
          open.add(request);
          void request.finally(() => open.delete(request));
        }
        await pause(2);
      }
      await Promise.all(open);
      return { sent, failed, perSecond: sent / ((performance.now() - started) / 1000) };
    },
  };
  return self;
}
