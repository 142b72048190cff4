import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConfigError } from '@consent/service-host';
import { z } from 'zod';

export const RIGHTS = ['record', 'read', 'operate', 'assess'] as const;
/**
 * record: write decisions and facts. read: subjects, decisions, ledger. operate: replays. assess: answer reasoned objections.
 */
export type Right = (typeof RIGHTS)[number];

const callerSchema = z.strictObject({
  name: z.string().regex(/^[a-z0-9][a-z0-9-]{0,62}$/, 'expected a name of lower-case letters, digits and dashes'),
  tokenSha256: z.string().regex(/^[0-9a-f]{64}$/, 'expected the SHA-256 of the token, 64 lower-case hex digits'),
  actor: z.enum(['self', 'guardian', 'agent', 'system']),
  may: z.array(z.enum(RIGHTS)).min(1),
  /** Speaks for a supervisory authority or a court: what it decides has that cause. */
  authority: z.boolean().optional(),
});
const callersSchema = z.array(callerSchema).min(1);

/** An application that may call, and in whose name it acts. */
export type Caller = z.infer<typeof callerSchema>;

/** The callers of CALLERS_FILE. Only hashes of tokens are ever held. */
export class Callers {
  readonly #callers: readonly (Caller & { hash: Buffer })[];

  constructor(callers: readonly Caller[]) {
    this.#callers = callers.map((caller) => ({ ...caller, hash: Buffer.from(caller.tokenSha256, 'hex') }));
  }

  /** The caller of an Authorization header. Every known hash is compared, so that time tells nothing. */
  authenticate(authorization: string | undefined): Caller | null {
    const token = /^Bearer ([\x21-\x7e]{1,512})$/i.exec(authorization ?? '')?.[1];
    if (token === undefined) return null;
    const hash = createHash('sha256').update(token).digest();
    let found: Caller | null = null;
    for (const caller of this.#callers) if (timingSafeEqual(caller.hash, hash)) found = caller;
    return found;
  }
}

/** @throws ConfigError naming the file and the field that is wrong */
export function loadCallers(file: string): Callers {
  let input: unknown;
  try {
    input = JSON.parse(readFileSync(file, 'utf8'));
  } catch (cause) {
    throw new ConfigError(`CALLERS_FILE ${file} cannot be read as JSON: ${reasonOf(cause)}`, { cause });
  }
  const result = callersSchema.safeParse(input);
  if (!result.success)
    throw new ConfigError(
      `CALLERS_FILE ${file}: ${result.error.issues.map((i) => `${i.path.join('.') || 'the file'}: ${i.message}`).join('; ')}`,
    );
  for (const field of ['name', 'tokenSha256'] as const) {
    const values = result.data.map((caller) => caller[field]);
    const twice = result.data.find((caller, i) => values.indexOf(caller[field]) !== i);
    if (twice)
      throw new ConfigError(`CALLERS_FILE ${file}: ${twice.name}: expected a ${field} that no other caller has`);
  }
  return new Callers(result.data);
}

/** Of a file that is there the content is not quoted: it may hold a token by mistake. */
const reasonOf = (cause: unknown): string =>
  (cause as NodeJS.ErrnoException).code ?? 'expected a list of callers, [{"name": …, "tokenSha256": …, …}]';
