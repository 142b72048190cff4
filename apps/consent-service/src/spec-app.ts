import { createHash, randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import { type Catalogue, type CatalogueFile, parseCatalogue } from '@consent/consent-rules';
import { createHost, createLogger, type Host, startTelemetry, type Telemetry } from '@consent/service-host';
import { testDatabase, type TestDatabase } from '@consent/testing';
import pg from 'pg';
import { Callers } from './callers/callers.js';
import { catalogueFiles } from './catalogue/catalogue-files.js';
import { type SystemUrls } from './catalogue/system-urls.js';
import { CommitSignal } from './commit-signal.js';
import { takeBodies } from './http/take-bodies.js';
import { LedgerModule } from './ledger.module.js';
import { BODY_LIMIT } from './limits.js';
import { consentMigrations } from './migrations.js';
import { problemOf } from './problem-of.js';

const CATALOGUE = fileURLToPath(new URL('../../../catalogue/', import.meta.url));
const sha256 = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Tokens of the callers that specs use. */
export const TOKENS = {
  web: 'web-token',
  agent: 'agent-token',
  feed: 'feed-token',
  reader: 'reader-token',
  office: 'office-token',
  guardian: 'guardian-token',
  authority: 'authority-token',
} as const;
const CALLERS = new Callers([
  { name: 'web', tokenSha256: sha256(TOKENS.web), actor: 'self', may: ['record', 'read', 'operate'] },
  { name: 'desk', tokenSha256: sha256(TOKENS.agent), actor: 'agent', may: ['record', 'read'] },
  { name: 'feed', tokenSha256: sha256(TOKENS.feed), actor: 'system', may: ['record'] },
  { name: 'parents', tokenSha256: sha256(TOKENS.guardian), actor: 'guardian', may: ['record'] },
  { name: 'court', tokenSha256: sha256(TOKENS.authority), actor: 'agent', may: ['record', 'assess'], authority: true },
  { name: 'office', tokenSha256: sha256(TOKENS.office), actor: 'agent', may: ['read', 'assess'] },
  { name: 'reader', tokenSha256: sha256(TOKENS.reader), actor: 'system', may: ['read'] },
]);

export interface Answer<T = Record<string, unknown>> {
  status: number;
  headers: Headers;
  text: string;
  body: T;
}

export interface CallOptions {
  token?: string | null;
  key?: string | null;
  headers?: Record<string, string>;
  body?: unknown;
  /** Sent as it is. */
  raw?: string | Uint8Array<ArrayBuffer>;
}

export interface SpecApp {
  url: string;
  host: Host;
  database: TestDatabase;
  catalogue: Catalogue;
  /** As the service's role. */
  sql: pg.Client;
  call<T = Record<string, unknown>>(method: string, path: string, options?: CallOptions): Promise<Answer<T>>;
  close(): Promise<void>;
}

let telemetry: Promise<Telemetry> | undefined;

/** The service without its relay, over a database of its own, on a free port. */
export async function specApp(
  shared?: TestDatabase,
  files: readonly CatalogueFile[] = catalogueFiles(CATALOGUE),
  systemUrls: SystemUrls = {},
): Promise<SpecApp> {
  const database = shared ?? (await testDatabase({ migrations: [consentMigrations] }));
  const sql = new pg.Client({ connectionString: database.appUrl });
  await sql.connect();
  const host = await createHost({
    module: LedgerModule.forRoot({
      databaseUrl: database.appUrl,
      catalogue: () => files,
      callers: CALLERS,
      systemUrls,
      committed: new CommitSignal(),
    }),
    config: { HOST: '127.0.0.1', PORT: 0 },
    logger: createLogger({ service: 'consent-service', build: 'spec', level: 'fatal' }),
    telemetry: await (telemetry ??= startTelemetry({ service: 'consent-service', build: 'spec' })),
    bodyLimit: BODY_LIMIT,
    problemOf,
    setup: takeBodies,
  });
  return {
    url: host.url,
    host,
    database,
    catalogue: parseCatalogue(files),
    sql,
    async call<T>(method: string, path: string, options: CallOptions = {}) {
      const { token = TOKENS.web, key = randomUUID(), body, raw } = options;
      const response = await fetch(`${host.url}${path}`, {
        method,
        headers: {
          ...(token === null ? {} : { authorization: `Bearer ${token}` }),
          ...(method === 'GET' || key === null ? {} : { 'idempotency-key': key }),
          ...(body === undefined && raw === undefined ? {} : { 'content-type': 'application/json' }),
          ...options.headers,
        },
        ...(raw === undefined ? (body === undefined ? {} : { body: JSON.stringify(body) }) : { body: raw }),
      });
      const text = await response.text();
      const json =
        /json/.test(response.headers.get('content-type') ?? '') &&
        !/ndjson/.test(response.headers.get('content-type') ?? '');
      return { status: response.status, headers: response.headers, text, body: (json ? JSON.parse(text) : text) as T };
    },
    async close() {
      await host.close();
      await sql.end();
      if (!shared) await database.drop();
    },
  };
}

/** A decision as a body. */
export const aDecision = (over: Record<string, unknown> = {}): Record<string, unknown> & { subjectId: string } => {
  const subjectId = (over['subjectId'] as string | undefined) ?? randomUUID();
  return {
    subjectId,
    scope: { level: 'person', id: subjectId },
    purposeId: 'prospect-newsletter',
    status: 'given',
    channel: 'myproximus-web',
    ...over,
  };
};

/** Facts of an adult customer of the main brand. */
export const someFacts = (over: Record<string, unknown> = {}): Record<string, unknown> => ({
  brand: 'proximus',
  roles: ['customer', 'prospect'],
  minor: false,
  contractStart: '2020-01-01T00:00:00Z',
  scopes: [],
  ...over,
});
