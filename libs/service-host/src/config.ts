import { z } from 'zod';
import { decimalText } from './whole-number.js';

/** Configuration that a service cannot start with. The message has a line for each key that is wrong. */
export class ConfigError extends Error {
  override name = 'ConfigError';
}

type Env = Readonly<Record<string, string | undefined>>;

/**
 * Reads configuration, once, at start. An empty variable counts as absent; variables that the schema does not name are
 * ignored, since the environment holds more than ours.
 * @throws ConfigError naming each bad key, what was found (secrets masked) and what is expected
 */
export function readConfig<S extends z.ZodObject>(schema: S, env: Env = process.env): z.output<S> {
  const given = Object.fromEntries(
    Object.keys(schema.shape).flatMap((key) => (env[key] ? [[key, env[key]] as const] : [])),
  );
  const result = schema.safeParse(given);
  if (result.success) return result.data;
  const lines = result.error.issues.map(({ path, message }) => {
    const key = path.map(String).join('.');
    const value = given[String(path[0])];
    return `  ${key}: ${value === undefined ? 'is not set' : `found ${shown(masked(key, value))}`}; ${message}`;
  });
  throw new ConfigError(['The configuration is wrong:', ...lines].join('\n'));
}

const MOST_SHOWN = 200;

const shown = (value: string): string =>
  JSON.stringify(value.length > MOST_SHOWN ? `${value.slice(0, MOST_SHOWN)}… (${value.length} characters)` : value);

/** EX_CONFIG of sysexits.h. */
const WRONG_CONFIGURATION = 78;

/** For the main file of a process: a wrong configuration ends it with what `read` says about each key, and exit code 78. */
export function orExit<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(WRONG_CONFIGURATION);
  }
}

/**
 * A value fit for logs and messages: whole secrets are hidden, and so are users, passwords and queries within URLs, also
 * where a URL is mistyped.
 */
export function masked(key: string, value: string): string {
  if (/TOKEN|SECRET|PASSWORD|KEY/i.test(key)) return '***';
  return value.replace(/^([^:/@]*:\/\/)?.*@/s, '$1***@').replace(/\?.*/s, '?***');
}

const LOG_LEVELS = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;

/** `expected` completes the sentence "KEY: found X; expected …". */
const expected = (what: string): { error: string } => ({ error: `expected ${what}` });

export const urlKey = (protocols: RegExp, example: string): z.ZodURL =>
  z.url({ protocol: protocols, ...expected(`a URL such as ${example}`) });

/** A whole number within limits, written in decimal digits. */
export const integerKey = (least: number, most: number) =>
  decimalText(least, most, `expected a whole number from ${least} to ${most}`);

const logLevel = z.enum(LOG_LEVELS, expected(`one of ${LOG_LEVELS.join(', ')}`)).default('info');

/** The keys every service has. `port` is the default of PORT; 0 takes any free port. */
export const hostConfig = (port: number) =>
  z.object({
    HOST: z
      .string()
      .regex(/^[A-Za-z0-9.:_-]{1,253}$/, 'expected an IP address or a host name')
      .default('127.0.0.1'),
    PORT: integerKey(0, 65_535).default(port),
    LOG_LEVEL: logLevel,
    OTEL_EXPORTER_OTLP_ENDPOINT: urlKey(/^https?$/, 'http://127.0.0.1:4318').optional(),
    SERVICE_BUILD: z
      .string()
      .regex(/^[\x21-\x7e]{1,100}$/, 'expected at most 100 visible ASCII characters, without a space')
      .default('dev'),
  });
export type HostConfig = z.output<ReturnType<typeof hostConfig>>;

/** The keys of a service with a database of its own. */
export const databaseConfig = z.object({
  DATABASE_URL: urlKey(/^postgres(ql)?$/, 'postgres://user:password@127.0.0.1:5432/database'),
});

const isBroker = (text: string): boolean => {
  const port = Number(/^[^\s:,]+:(\d{1,5})$/.exec(text)?.[1]);
  return port >= 1 && port <= 65_535;
};
const BROKERS = 'expected host:port, several separated by commas';

/** The keys of a service that reads or writes topics. */
export const kafkaConfig = z.object({
  KAFKA_BROKERS: z
    .string({ error: BROKERS })
    .transform((text) => text.split(',').map((part) => part.trim()))
    .refine((brokers) => brokers.every(isBroker), BROKERS),
  SCHEMA_REGISTRY_URL: urlKey(/^https?$/, 'http://127.0.0.1:8081/apis/ccompat/v7'),
  KAFKA_TOPIC_PREFIX: z
    .string()
    // The longest name of a topic leaves so much of the 249 characters that Kafka takes.
    .regex(/^[A-Za-z0-9._-]{0,100}$/, 'expected at most 100 letters, digits, dots, dashes and underscores')
    .default(''),
});

/** The keys of a migrate job. */
export const migrationConfig = z.object({
  MIGRATION_DATABASE_URL: urlKey(/^postgres(ql)?$/, 'postgres://owner:password@127.0.0.1:5432/database'),
  APP_ROLE: z
    .string({ error: 'expected the name of the database role that the service uses' })
    .regex(/^[a-z_][a-z0-9_]{0,62}$/, 'expected a role name in lower case'),
  LOG_LEVEL: logLevel,
});
