import { createHash } from 'node:crypto';
import { createHost, createLogger, type HostSettings, startTelemetry } from '@consent/service-host';
import { Module, type ModuleMetadata } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { OpsGuard } from '../nest/ops-guard.js';
import { OPS_TOKEN_HASH } from '../nest/tokens.js';

export interface DoorsSettings {
  controllers: NonNullable<ModuleMetadata['controllers']>;
  /** What the controllers need beside the `DataSource` and the `OpsGuard`. */
  providers?: NonNullable<ModuleMetadata['providers']>;
  /** As OPS_TOKEN_SHA256 of the service. When absent, that of a token that `post` sends by itself. */
  opsTokenSha256?: string;
  setup?: NonNullable<HostSettings['setup']>;
}

export interface Answer {
  status: number;
  body: Record<string, unknown>;
}

type Headers = Readonly<Record<string, string>>;

export interface Doors {
  get(path: string, headers?: Headers): Promise<Answer>;
  /** An object goes as JSON, text and bytes as they are; as an operator, unless the headers say otherwise. */
  post(path: string, body?: object | string | Buffer<ArrayBuffer>, headers?: Headers): Promise<Answer>;
  close(): Promise<void>;
}

const OPS_TOKEN = 'token-of-the-spec';

/** A system's HTTP doors over its database, on a port of their own: what DecisionConsumerModule gives them, without Kafka. */
export async function openDoors(
  dataSource: DataSource,
  { controllers, providers = [], opsTokenSha256, setup }: DoorsSettings,
): Promise<Doors> {
  class DoorsModule {}
  Module({
    controllers,
    providers: [
      { provide: DataSource, useValue: dataSource },
      { provide: OPS_TOKEN_HASH, useValue: opsTokenSha256 ?? createHash('sha256').update(OPS_TOKEN).digest('hex') },
      OpsGuard,
      ...providers,
    ],
  })(DoorsModule);
  const telemetry = await startTelemetry({ service: 'spec', build: 'spec' });
  const host = await createHost({
    module: DoorsModule,
    config: { HOST: '127.0.0.1', PORT: 0 },
    logger: createLogger({ service: 'spec', build: 'spec', level: 'silent' }),
    telemetry,
    ...(setup && { setup }),
  });
  const ask = async (path: string, init: RequestInit): Promise<Answer> => {
    const answer = await fetch(`${host.url}${path}`, init);
    return { status: answer.status, body: (await answer.json()) as Answer['body'] };
  };
  return {
    get: (path, headers = {}) => ask(path, { headers }),
    post: (path, body, headers = {}) =>
      ask(path, {
        method: 'POST',
        ...(body !== undefined && {
          body: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body),
        }),
        headers: {
          authorization: `Bearer ${OPS_TOKEN}`,
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...headers,
        },
      }),
    async close() {
      await host.close();
      await telemetry.shutdown();
    },
  };
}
