import path from 'node:path';
import { portVariable } from '../../bootstrap/asked-ports.mjs';
import { compileCacheOf, LONG_RUNNING, MALLOC, nodeFlagsOf } from '../../build/node-flags.ts';
import { type Instance, ROOT } from '../instance.ts';
import { choosePort } from '../process/choose-port.ts';
import { supervise, type Supervised } from '../process/supervise.ts';
import { waitUntilAllReady } from '../process/wait-until.ts';
import { type Secrets } from '../secrets.ts';
import { type Servers } from '../servers.ts';
import { sha256, type Tokens } from './callers.ts';
import { appUrl } from './provision.ts';
import { type ServiceSpec, SERVICES } from './service-table.ts';

/** A running service and where it answers. */
export interface RunningService {
  spec: ServiceSpec;
  url: string;
  process: Supervised;
}

export interface ServiceOptions {
  instance: Instance;
  servers: Servers;
  secrets: Secrets;
  tokens: Tokens;
  callersFile: string;
  wellKnownPorts: boolean;
  /** Told of each port that was busy. */
  note: (text: string) => void;
  /** More environment for a service. */
  env?: (service: string) => Record<string, string>;
  /** Told of each process at once, so that it is stopped also when a later one fails. */
  started: (process: Supervised) => void;
}

/** Ports are chosen first: the monitor is told where the consent service will be, and that one where the systems will. */
export async function startServices(options: ServiceOptions): Promise<RunningService[]> {
  const ports = new Map<string, number>();
  for (const spec of SERVICES)
    ports.set(
      spec.name,
      await choosePort(
        options.instance,
        {
          owner: spec.name,
          variable: portVariable(spec.name),
          preferred: options.wellKnownPorts ? spec.port : undefined,
        },
        options.note,
      ),
    );
  const urlOf = (name: string): string => `http://127.0.0.1:${ports.get(name)}`;
  const services: RunningService[] = [];
  for (const spec of SERVICES) services.push(await startService(spec, options, urlOf));
  await waitUntilAllReady(
    services.map(({ process: service, url }) => ({ process: service, ready: () => isReady(url) })),
  );
  return services;
}

/**
 * Starts one service; it may not be ready yet.
 * @param urlOf where each service answers, this one included
 * @param name of the process; another one for a second replica
 */
export async function startService(
  spec: ServiceSpec,
  options: ServiceOptions,
  urlOf: (name: string) => string,
  name = spec.name,
): Promise<RunningService> {
  const main = path.join(ROOT, 'apps', spec.name, 'dist', 'main.js');
  const url = urlOf(spec.name);
  const process_ = await supervise(options.instance, {
    name,
    command: process.execPath,
    args: [...nodeFlagsOf(spec.name), LONG_RUNNING, main],
    marker: main,
    env: {
      ...environmentOf(spec, options),
      ...MALLOC,
      NODE_COMPILE_CACHE: compileCacheOf(path.dirname(main)),
      PORT: new URL(url).port,
      ...extra(spec, options.tokens, urlOf),
      ...options.env?.(spec.name),
    },
  });
  options.started(process_);
  return { spec, url, process: process_ };
}

function extra({ name }: ServiceSpec, tokens: Tokens, urlOf: (name: string) => string): Record<string, string> {
  if (name === 'propagation-monitor')
    return { CONSENT_SERVICE_URL: urlOf('consent-service'), CONSENT_TOKEN: tokens.monitor };
  if (name !== 'consent-service') return {};
  const systems = SERVICES.filter(({ honoursDecisions }) => honoursDecisions);
  return {
    SYSTEM_URLS: JSON.stringify(Object.fromEntries(systems.map((system) => [system.name, urlOf(system.name)]))),
  };
}

function environmentOf(spec: ServiceSpec, options: ServiceOptions): Record<string, string> {
  const { servers, secrets, tokens } = options;
  return {
    DATABASE_URL: appUrl(servers.databaseUrl, secrets, spec),
    KAFKA_BROKERS: servers.brokers,
    SCHEMA_REGISTRY_URL: servers.registryUrl,
    HOST: '127.0.0.1',
    ...passedOn(['LOG_LEVEL', 'OTEL_EXPORTER_OTLP_ENDPOINT', 'KAFKA_TOPIC_PREFIX', 'SERVICE_BUILD']),
    // A service runs in a folder of its own, from which a relative path would lead elsewhere.
    ...(process.env['CATALOGUE_DIR'] ? { CATALOGUE_DIR: path.resolve(process.env['CATALOGUE_DIR']) } : {}),
    ...(spec.name === 'consent-service' ? { CALLERS_FILE: options.callersFile } : {}),
    ...(spec.honoursDecisions ? { OPS_TOKEN_SHA256: sha256(tokens.ops) } : {}),
  };
}

const passedOn = (names: string[]): Record<string, string> =>
  Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));

export async function isReady(url: string): Promise<boolean> {
  return fetch(`${url}/readyz`, { signal: AbortSignal.timeout(2_000) }).then(
    (response) => response.ok,
    () => false,
  );
}
