import { type z } from 'zod';
import { CliError } from '../cli-error.js';
import { EXIT } from '../exit-codes.js';
import { refusal } from './refusal.js';

/** A server and what an operator sets to reach it. */
export interface Server {
  name: string;
  url: string;
  token: string | undefined;
  urlSetting: string;
  tokenSetting: string;
}

export interface Question<T> {
  method?: 'GET' | 'POST';
  path: string;
  body?: unknown;
  /** A body of JSON lines instead; the answer is then an array of lines. */
  lines?: string;
  headers?: Record<string, string>;
  /** 15 s when absent. */
  timeoutMs?: number;
  /** The part of the answer that is used; more fields may be there. */
  answer: z.ZodType<T>;
}

const TIMEOUT_MS = 15_000;
const NDJSON = 'application/x-ndjson';

/** Asks a server one thing. Throws CliError: unreachable, refused, notFound or serverFault. */
export async function ask<T>(server: Server, question: Question<T>): Promise<T> {
  const response = await send(server, question);
  const text = await bodyOf(server, response);
  if (!response.ok) throw refusal(server, response.status, text, response.headers.has('retry-after'));
  const parsed = question.answer.safeParse(question.lines === undefined ? json(text) : jsonLines(text));
  if (parsed.success) return parsed.data;
  throw new CliError(EXIT.serverFault, `${server.name} at ${server.url} ${strange(question.path, parsed.error)}`);
}

async function send<T>(
  server: Server,
  { method = 'GET', path, body, lines, headers, timeoutMs = TIMEOUT_MS }: Question<T>,
): Promise<Response> {
  try {
    return await fetch(server.url + path, {
      method,
      headers: {
        accept: lines === undefined ? 'application/json' : NDJSON,
        ...(lines === undefined ? {} : { 'content-type': NDJSON }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...(server.token ? { authorization: `Bearer ${server.token}` } : {}),
        ...headers,
      },
      ...(lines === undefined ? {} : { body: lines }),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      // A token is meant for this server alone.
      redirect: 'manual',
      signal: AbortSignal.timeout(timeoutMs),
    });
  } catch (error) {
    throw noAnswer(server, error);
  }
}

async function bodyOf(server: Server, response: Response): Promise<string> {
  try {
    return await response.text();
  } catch (error) {
    throw noAnswer(server, error);
  }
}

function noAnswer(server: Server, error: unknown): CliError {
  const message = `no answer from ${server.name} at ${server.url} (${why(error)}); ${server.urlSetting} names another`;
  return new CliError(EXIT.unreachable, message, { cause: error });
}

function why(error: unknown): string {
  if (error instanceof Error && error.name === 'TimeoutError') return 'nothing within the time limit';
  // The message of an error without a cause may quote the header with the token.
  const { cause } = error as { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? 'the request could not be sent';
}

function json(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

const jsonLines = (text: string): unknown[] => text.split('\n').filter(Boolean).map(json);

function strange(path: string, error: z.ZodError): string {
  const [issue] = error.issues;
  const where = issue?.path.length ? ` at ${issue.path.join('.')}` : '';
  return `answered ${path} with something that is not its API${where}: ${issue?.message ?? 'unknown'}`;
}
