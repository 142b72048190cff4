import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { SERVICES as TABLE } from '../stack/services/service-table.ts';

const ROOT = path.resolve(import.meta.dirname, '../..');
const K8S = path.join(ROOT, 'k8s');

/** Apps that are no services: a command line, tests, and a web console to come. */
const NO_SERVICE = ['consentctl', 'propagation-e2e', 'console'];

export const SERVICES = readdirSync(path.join(ROOT, 'apps')).filter((app) => !NO_SERVICE.includes(app));
export const SYSTEMS = SERVICES.filter((app) => app !== 'consent-service' && app !== 'propagation-monitor');

export const databaseOf = (service: string): string =>
  service === 'consent-service' ? 'consent' : service.replaceAll('-', '_');

/** Ports that documentation and defaults name. */
export const PORTS: Record<string, number> = Object.fromEntries(TABLE.map(({ name, port }) => [name, port]));

const EVERYWHERE = [
  'DATABASE_URL',
  'HOST',
  'KAFKA_BROKERS',
  'KAFKA_TOPIC_PREFIX',
  'LOG_LEVEL',
  'PORT',
  'SCHEMA_REGISTRY_URL',
];

/** Environment of a service, sorted: what every service takes, and what this one takes besides. */
export function environmentOf(service: string): string[] {
  if (service === 'consent-service') return [...EVERYWHERE, 'CALLERS_FILE', 'CATALOGUE_DIR', 'SYSTEM_URLS'].sort();
  if (service === 'propagation-monitor') return [...EVERYWHERE, 'CONSENT_SERVICE_URL', 'CONSENT_TOKEN'].sort();
  return [...EVERYWHERE, 'OPS_TOKEN_SHA256'].sort();
}

/** Where every system answers beside the consent-service, which asks each of them for the purposes that it has a rule for. */
export const SYSTEM_URLS = Object.fromEntries(SYSTEMS.map((system) => [system, `http://${system}:${PORTS[system]}`]));

/** The parts of a manifest that the checks look at. */
export interface Manifest {
  kind: string;
  metadata: { name: string; labels?: Record<string, string> };
  spec: Record<string, unknown>;
  data?: Record<string, string>;
  stringData?: Record<string, string>;
}
interface KeyRef {
  name: string;
  key: string;
}
export interface Container {
  image: string;
  command?: string[];
  ports?: { name: string; containerPort: number }[];
  env?: { name: string; value?: string; valueFrom?: { secretKeyRef: KeyRef } }[];
  envFrom?: { configMapRef: { name: string } }[];
  resources: { requests: Record<string, string>; limits: Record<string, string> };
  securityContext: Record<string, unknown>;
  [probe: `${string}Probe`]: { httpGet: { path: string; port: string } };
}
export interface Pod {
  metadata: { labels: Record<string, string>; annotations?: Record<string, string> };
  spec: {
    containers: [Container];
    securityContext: Record<string, unknown>;
    automountServiceAccountToken: boolean;
    terminationGracePeriodSeconds?: number;
    volumes?: { secret?: { secretName: string } }[];
  };
}

/** All documents of one file below k8s/. Throws on anything that is not YAML. */
export function manifests(file: string): Manifest[] {
  return parseAllDocuments(readFileSync(path.join(K8S, file), 'utf8')).map((document) => {
    if (document.errors.length > 0) throw new Error(`${file}: ${document.errors[0]?.message}`);
    return document.toJS() as Manifest;
  });
}

/** The only document of a file, which must be of that kind. */
export function manifest(file: string, kind: string): Manifest {
  const [found, ...more] = manifests(file);
  if (found?.kind !== kind || more.length > 0) throw new Error(`${file}: expected one ${kind}, found ${found?.kind}`);
  return found;
}

export const podOf = (workload: Manifest): Pod => workload.spec['template'] as Pod;

export const k8sFiles = (): string[] =>
  readdirSync(K8S, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.yaml'));

export const fileText = (file: string): string => readFileSync(path.join(ROOT, file), 'utf8');

export interface ComposeService {
  image: string;
  build?: { context: string; target?: string; args?: { APP: string; YOUNG_MIB?: number } };
  command?: string[];
  environment?: Record<string, string | number>;
  depends_on?: Record<string, { condition: string }>;
  ports?: string[];
  configs?: { source: string; target: string }[];
  volumes?: string[];
  healthcheck?: unknown;
}
export interface Compose {
  services: Record<string, ComposeService>;
  configs: Record<string, { content: string }>;
  volumes: Record<string, unknown>;
}
export const compose = (): Compose => parse(fileText('docker-compose.yml'), { merge: true }) as Compose;
