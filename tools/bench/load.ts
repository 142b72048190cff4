import { randomUUID } from 'node:crypto';
import http from 'node:http';
import { setTimeout as pause } from 'node:timers/promises';
import { type Choice } from './choices.ts';

export interface Sent {
  /** Decisions sent, whatever became of them. */
  sent: number;
  perSecond: number;
  failed: number;
  firstFailure: string;
}

/** Decisions that each have a (subject, scope, purpose) of their own, so that every one inserts in each system it concerns. */
export interface Load {
  /** How many decisions that were taken concern each system, since the start. */
  readonly told: ReadonlyMap<string, number>;
  /** Registers the facts of the people that the next `decisions` decisions are about. */
  prepare(decisions: number): Promise<void>;
  /** @param lines decisions a request: 1 goes through the single door, more through the batch door */
  send(lines: number): Promise<void>;
  /** Open loop: `perSecond` decisions for `seconds`, however late the answers are. @returns decisions a second really sent */
  steady(perSecond: number, seconds: number, lines: number): Promise<Sent>;
}

/** One decision of a person that is still to be sent. */
interface Waiting {
  subjectId: string;
  scopeId: string;
  choice: Choice;
}

/** @param choices what each person decides, once each */
export function load(consentUrl: string, token: string, choices: readonly Choice[]): Load {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 16 });
  /** One decision of each person, then the next of each: two requests in flight seldom meet at one person. */
  const waiting: Waiting[] = [];
  const told = new Map<string, number>();

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

  function take(lines: number): Waiting[] {
    const taken = waiting.splice(-lines);
    if (taken.length < lines) throw new Error('More decisions sent than prepared');
    return taken;
  }

  const self: Load = {
    told,
    async prepare(decisions) {
      const people = Array.from({ length: Math.ceil(decisions / choices.length) }, () => {
        const subjectId = randomUUID();
        return choices.map((choice) => ({
          subjectId,
          choice,
          scopeId: choice.scopeLevel === 'person' ? subjectId : randomUUID(),
        }));
      });
      const facts = people.map((own) => JSON.stringify(factsOf(own)));
      for (let at = 0; at < facts.length; at += 100)
        await post('/v1/facts/batch', 'application/x-ndjson', facts.slice(at, at + 100).join('\n'));
      for (const [index] of choices.entries()) for (const own of people) if (own[index]) waiting.push(own[index]);
    },
    async send(lines) {
      const taken = take(lines);
      const body = taken.map(decisionLine).join('\n');
      if (lines === 1) await post('/v1/decisions', 'application/json', body);
      else await post('/v1/decisions/batch', 'application/x-ndjson', body);
      for (const system of taken.flatMap(({ choice }) => choice.systems)) told.set(system, (told.get(system) ?? 0) + 1);
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

const factsOf = (own: readonly Waiting[]): object => ({
  subjectId: own[0]?.subjectId,
  brand: 'proximus',
  roles: ['customer'],
  minor: false,
  scopes: own
    .filter(({ choice }) => choice.scopeLevel !== 'person')
    .map(({ scopeId, choice }) => ({ level: choice.scopeLevel, id: scopeId, brand: 'proximus' })),
});

const decisionLine = ({ subjectId, scopeId, choice }: Waiting): string =>
  JSON.stringify({
    subjectId,
    scope: { level: choice.scopeLevel, id: scopeId },
    purposeId: choice.purposeId,
    status: choice.status,
    ...(choice.attributes && { attributes: choice.attributes }),
    decidedAt: new Date().toISOString(),
    channel: 'myproximus-web',
  });
