import { z } from 'zod';
import { CliError } from '../cli-error.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { type Server } from './ask.js';

/** RFC 9457; everything optional, since a proxy in between may answer instead of the server. */
const problem = z.looseObject({
  title: z.string().optional(),
  detail: z.string().optional(),
  errors: z
    .array(z.looseObject({ path: z.unknown(), message: z.string().optional(), expected: z.unknown() }))
    .optional(),
});

/** What an answer other than 2xx means for the operator. */
export function refusal(server: Server, status: number, text: string, passes = false): CliError {
  const said = describe(text);
  const words = said ? `: ${said}` : '';
  return new CliError(exitCodeOf(status), `${server.name} ${meaning(server, status)} (${status})${words}`, { passes });
}

function exitCodeOf(status: number): ExitCode {
  if (status === 404) return EXIT.notFound;
  if (status >= 400 && status < 500) return EXIT.refused;
  return EXIT.serverFault;
}

function meaning(server: Server, status: number): string {
  if (status === 401) return `wants a token it knows${server.tokenSetting && `; set ${server.tokenSetting}`}`;
  if (status === 403) return 'does not let this token do that';
  if (status === 404) return 'does not know that';
  if (status >= 400 && status < 500) return 'refused';
  return `at ${server.url} failed`;
}

function describe(text: string): string {
  const parsed = problem.safeParse(parse(text));
  if (!parsed.success) return '';
  const { title, detail, errors = [] } = parsed.data;
  const places = errors.map((e) => `${place(e.path)}${e.message ?? ''}${expected(e.expected)}`);
  return [detail ?? title, ...places].filter(Boolean).join('; ');
}

const place = (path: unknown): string => {
  if (Array.isArray(path) && path.length > 0) return `${path.join('.')}: `;
  return typeof path === 'string' && path ? `${path}: ` : '';
};

const expected = (value: unknown): string => (typeof value === 'string' ? ` (expected ${value})` : '');

function parse(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}
