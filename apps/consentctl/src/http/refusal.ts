import { z } from 'zod';
import { CliError } from '../cli-error.js';
import { EXIT, type ExitCode } from '../exit-codes.js';
import { type Server } from './ask.js';

/** RFC 9457; everything optional, since a proxy in between may answer instead of the server. */
const problem = z.looseObject({
  type: z.string().optional(),
  title: z.string().optional(),
  detail: z.string().optional(),
  errors: z
    .array(z.looseObject({ path: z.unknown(), message: z.string().optional(), expected: z.unknown() }))
    .optional(),
  openTransitions: z.array(z.looseObject({ status: z.string(), causes: z.array(z.string()) })).optional(),
});

/** What an answer other than 2xx means for the operator. */
export function refusal(server: Server, status: number, text: string, passes = false): CliError {
  const { data } = problem.safeParse(parse(text));
  // Of who may not do it, and another may, nothing is open instead.
  const said = data ? describe(status === 403 ? { ...data, openTransitions: [] } : data) : '';
  const words = said ? `: ${said}` : '';
  const exitCode = exitCodeOf(status, data?.type ?? '');
  return new CliError(exitCode, `${server.name} ${meaning(server, status, exitCode)} (${status})${words}`, { passes });
}

const OURS = 'urn:consent:problem:';
/** The server has no such path: it is another server, or one of its own kind that is older. */
const NO_SUCH_PATH = `${OURS}not-found`;
/** What a request names in its body, and nobody knows. */
const UNKNOWN = new Set([`${OURS}subject-unknown`, `${OURS}purpose-unknown`]);

function exitCodeOf(status: number, type: string): ExitCode {
  if (status === 404) return type.startsWith(OURS) && type !== NO_SUCH_PATH ? EXIT.notFound : EXIT.serverFault;
  if (UNKNOWN.has(type)) return EXIT.notFound;
  if (status >= 400 && status < 500) return EXIT.refused;
  return EXIT.serverFault;
}

function meaning(server: Server, status: number, exitCode: ExitCode): string {
  if (exitCode === EXIT.notFound) return 'does not know that';
  if (status === 404) return `at ${server.url} does not have its API; ${server.urlSetting} names another`;
  if (status === 401) return `wants a token it knows${server.tokenSetting && `; set ${server.tokenSetting}`}`;
  if (status === 403) return 'does not let this token do that';
  if (status >= 400 && status < 500) return 'refused';
  return `at ${server.url} failed`;
}

function describe({ title, detail, errors = [], openTransitions = [] }: z.infer<typeof problem>): string {
  const places = errors
    .map((e) => ({ said: `${place(e.path)}${e.message ?? ''}`, wanted: expected(e.expected) }))
    // The detail tells the first of them already.
    .filter(({ said }) => !detail?.includes(said))
    .map(({ said, wanted }) => said + wanted);
  const instead = openTransitions.map(({ status, causes }) => `${status} (by ${causes.join(', ')})`);
  const open = instead.length > 0 && `open instead: ${instead.join(', ')}`;
  return [detail ?? title, ...places, open].filter(Boolean).join('; ');
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
