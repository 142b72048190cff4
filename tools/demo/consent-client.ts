import { createHash } from 'node:crypto';
import { setTimeout as pause } from 'node:timers/promises';

export interface ConsentClientOptions {
  consentUrl: string;
  token: string;
  signal?: AbortSignal | undefined;
  /** How long one request is tried again while the service is away. Default 120 s. */
  patienceMs?: number;
}

/** One line's answer of a batch. */
export interface LineAnswer {
  line: number;
  status: number;
  problem?: { type: string; title?: string; detail?: string };
}

/** The service refused a whole request; sending it again would not help. */
export class ConsentRequestError extends Error {
  override name = 'ConsentRequestError';
  readonly status: number;
  readonly type: string;

  constructor(what: string, status: number, problem: { type?: string; title?: string; detail?: string }) {
    super(`${what} was answered ${status}: ${problem.detail ?? problem.title ?? 'no detail given'}`);
    this.status = status;
    this.type = problem.type ?? 'about:blank';
  }
}

/**
 * Sends requests to the consent service until each has one answer. The Idempotency-Key is the hash of the request, so
 * sending it again, in this process or another, records nothing twice.
 */
export class ConsentClient {
  readonly #options: ConsentClientOptions;

  constructor(options: ConsentClientOptions) {
    this.#options = options;
  }

  /** @param lines JSON texts, at most 1,000 @throws ConsentRequestError when the batch as a whole was refused */
  async sendLines(path: string, lines: readonly string[]): Promise<LineAnswer[]> {
    const body = lines.map((line) => `${line}\n`).join('');
    const text = await this.#send('POST', path, 'application/x-ndjson', body);
    const answers = text
      .split('\n')
      .filter((line) => line !== '')
      .map((line) => JSON.parse(line) as LineAnswer);
    if (answers.length !== lines.length) throw new Error(`${path} answered ${answers.length} of ${lines.length} lines`);
    return answers;
  }

  /** @throws ConsentRequestError when it was refused */
  async sendJson<T>(method: 'GET' | 'POST' | 'PUT', path: string, json?: string): Promise<T> {
    return JSON.parse(await this.#send(method, path, 'application/json', json)) as T;
  }

  async #send(method: string, path: string, contentType: string, body?: string): Promise<string> {
    const { consentUrl, token, signal, patienceMs = 120_000 } = this.#options;
    const headers = {
      authorization: `Bearer ${token}`,
      ...(body !== undefined && { 'content-type': contentType, 'idempotency-key': keyOf(method, path, body) }),
    };
    const giveUpAt = performance.now() + patienceMs;
    for (let attempt = 0; ; attempt++) {
      const tried = await this.#try(new URL(path, consentUrl), {
        method,
        headers,
        ...(body !== undefined && { body }),
      });
      if (tried.kind === 'answered') return tried.text;
      if (tried.kind === 'refused') throw new ConsentRequestError(`${method} ${path}`, tried.status, tried.problem);
      if (performance.now() >= giveUpAt)
        throw new Error(`${method} ${path} had no answer for ${patienceMs / 1_000} s: ${tried.why}`, {
          cause: tried.cause,
        });
      await pause(Math.min(2_000, 50 * 2 ** Math.min(attempt, 10)) * (0.5 + Math.random() / 2), undefined, { signal });
    }
  }

  async #try(url: URL, request: RequestInit): Promise<Tried> {
    const { signal } = this.#options;
    signal?.throwIfAborted();
    try {
      const response = await fetch(url, { ...request, ...(signal && { signal }) });
      const text = await response.text();
      if (response.ok) return { kind: 'answered', text };
      const problem = problemOf(text);
      return mayBeSentAgain(response.status, problem.type)
        ? { kind: 'again', why: `status ${response.status}` }
        : { kind: 'refused', status: response.status, problem };
    } catch (cause) {
      signal?.throwIfAborted();
      return { kind: 'again', why: String(cause), cause };
    }
  }
}

const keyOf = (method: string, path: string, body: string): string =>
  createHash('sha256').update(`${method} ${path}\n${body}`).digest('hex');

type Tried =
  | { kind: 'answered'; text: string }
  | { kind: 'refused'; status: number; problem: { type?: string; title?: string; detail?: string } }
  | { kind: 'again'; why: string; cause?: unknown };

/** 409 is temporary only where the same key is in flight; any other conflict stays one. */
const mayBeSentAgain = (status: number, type: string | undefined): boolean =>
  status >= 500 || status === 408 || status === 429 || (status === 409 && /idempotency|in-flight/.test(type ?? ''));

function problemOf(text: string): { type?: string; title?: string; detail?: string } {
  try {
    return JSON.parse(text) as { type?: string };
  } catch {
    return { detail: text.slice(0, 200) };
  }
}
