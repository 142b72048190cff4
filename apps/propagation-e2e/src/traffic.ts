import { randomUUID } from 'node:crypto';
import { type HistoryFile } from './history.js';

/** What a client decides about in these tests: one purpose for each system, and one that concerns two. */
const CHOICES = [
  { purposeId: 'directory-contact-listing', level: 'line', yes: 'given', no: 'withdrawn' },
  { purposeId: 'group-affiliate-phone-marketing', level: 'person', yes: 'objection_lifted', no: 'objected' },
  { purposeId: 'ads-data-targeted-advertising', level: 'person', yes: 'given', no: 'withdrawn' },
  { purposeId: 'pickx-personalised-tv-ads', level: 'account', yes: 'given', no: 'withdrawn' },
  { purposeId: 'broadcaster-targeted-tv-ads', level: 'account', yes: 'given', no: 'withdrawn' },
  { purposeId: 'tailored-offers-service-usage', level: 'account', yes: 'given', no: 'withdrawn' },
] as const;

export type PurposeId = (typeof CHOICES)[number]['purposeId'];
export const PURPOSES: readonly PurposeId[] = CHOICES.map(({ purposeId }) => purposeId);

export interface Person {
  subjectId: string;
  line: string;
  account: string;
  /** Whether the last decision sent for a purpose was a yes. */
  yes: Map<PurposeId, boolean>;
}

export interface Client {
  /** Requests that got no answer, or one of the 5xx kind, and were sent again with the same key. */
  readonly sentAgain: number;
  readonly accepted: number;
  /** Why `keepDeciding` came to an end by itself: a refusal, which none of its decisions deserves. */
  readonly failure: Error | null;
  /** Default of each id: a new one. */
  person(subjectId?: string, line?: string): Promise<Person>;
  /**
   * Sends one decision and does not rest until it is answered.
   * @param traceparent W3C Trace Context of the caller
   */
  decide(
    person: Person,
    purposeId: PurposeId,
    allow: boolean,
    traceparent?: string,
  ): Promise<{ decisionId: string; version: number }>;
  /** Random second thoughts of `people`, one request in flight, until the returned function is called. */
  keepDeciding(people: readonly Person[]): () => Promise<void>;
}

/** A channel of the operator: sends decisions through the public API and writes down what was accepted. */
export function client({
  consentUrl,
  token,
  history,
}: {
  consentUrl: () => string;
  token: string;
  history: HistoryFile;
}): Client {
  let sentAgain = 0;
  let accepted = 0;
  let failure: Error | null = null;

  async function post(
    method: string,
    path: string,
    body: string,
    { type = 'application/json', traceparent }: { type?: string; traceparent?: string | undefined } = {},
  ): Promise<string> {
    const key = randomUUID();
    for (;;) {
      try {
        const answer = await fetch(`${consentUrl()}${path}`, {
          method,
          headers: {
            authorization: `Bearer ${token}`,
            'content-type': type,
            'idempotency-key': key,
            ...(traceparent === undefined ? {} : { traceparent }),
          },
          body,
          signal: AbortSignal.timeout(10_000),
        });
        const text = await answer.text();
        if (answer.ok) return text;
        if (answer.status < 500 && answer.status !== 409)
          throw new Refused(`${path} answers ${answer.status}: ${text}`);
      } catch (error) {
        if (error instanceof Refused) throw error;
      }
      sentAgain++;
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }

  const self: Client = {
    get sentAgain() {
      return sentAgain;
    },
    get failure() {
      return failure;
    },
    get accepted() {
      return accepted;
    },
    async person(subjectId = randomUUID(), line = randomUUID()) {
      const person: Person = {
        subjectId,
        line,
        account: randomUUID(),
        yes: new Map([['group-affiliate-phone-marketing', true]]),
      };
      await post(
        'PUT',
        `/v1/subjects/${person.subjectId}/facts`,
        JSON.stringify({
          brand: 'proximus',
          roles: ['customer'],
          minor: false,
          scopes: [
            { level: 'line', id: person.line, brand: 'proximus' },
            { level: 'account', id: person.account, brand: 'proximus' },
          ],
        }),
      );
      return person;
    },
    async decide(person, purposeId, allow, traceparent) {
      const body = decisionBody(person, purposeId, allow);
      const line = await post('POST', '/v1/decisions', body, { traceparent });
      const decided = JSON.parse(line) as { decisionId: string; version: number };
      accepted++;
      history.write({
        kind: 'accepted',
        decisionId: decided.decisionId,
        subjectId: person.subjectId,
        version: decided.version,
      });
      return decided;
    },
    keepDeciding(people) {
      let going = true;
      const loop = async (): Promise<void> => {
        while (going) {
          const lines = pick(people, 8).map((person) => {
            const choice = pick(CHOICES, 1)[0] ?? CHOICES[0];
            return { person, body: decisionBody(person, choice.purposeId, !person.yes.get(choice.purposeId)) };
          });
          const answers = await post('POST', '/v1/decisions/batch', lines.map(({ body }) => body).join('\n'), {
            type: 'application/x-ndjson',
          });
          for (const [index, text] of answers.trim().split('\n').entries()) {
            const answer = JSON.parse(text) as { status: number; decision?: { decisionId: string; version: number } };
            if (!answer.decision) throw new Refused(`A line was refused: ${text}`);
            accepted++;
            const subjectId = lines[index]?.person.subjectId ?? '';
            history.write({
              kind: 'accepted',
              decisionId: answer.decision.decisionId,
              subjectId,
              version: answer.decision.version,
            });
          }
        }
      };
      const running = loop();
      running.catch((error: unknown) => (failure = error instanceof Error ? error : new Error(String(error))));
      return () => {
        going = false;
        return running;
      };
    },
  };
  return self;
}

class Refused extends Error {}

let lastDecidedAt = 0;

function decisionBody(person: Person, purposeId: PurposeId, allow: boolean): string {
  const choice = CHOICES.find((c) => c.purposeId === purposeId) ?? CHOICES[0];
  person.yes.set(purposeId, allow);
  // Two decisions of one person never share a millisecond: an opening must be newer than the closing before it.
  lastDecidedAt = Math.max(lastDecidedAt + 1, Date.now());
  const scopeId = { line: person.line, account: person.account, person: person.subjectId }[choice.level];
  return JSON.stringify({
    subjectId: person.subjectId,
    scope: { level: choice.level, id: scopeId },
    purposeId,
    status: allow ? choice.yes : choice.no,
    decidedAt: new Date(lastDecidedAt).toISOString(),
    channel: 'myproximus-web',
  });
}

function pick<T>(from: readonly T[], count: number): T[] {
  const left = [...from];
  return Array.from({ length: Math.min(count, left.length) }, () =>
    left.splice(Math.floor(Math.random() * left.length), 1),
  ).flat();
}
