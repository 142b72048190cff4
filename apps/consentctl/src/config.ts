import { readFileSync } from 'node:fs';
import { SYSTEMS, type SystemId } from '@consent/events';
import { usageError } from './cli-error.js';
import { type Server } from './http/ask.js';

/** What the flags of every command may set; a flag wins over its variable. */
export interface GlobalFlags {
  json?: boolean;
  consentUrl?: string;
  monitorUrl?: string;
  systemUrl?: string[];
  tokenFile?: string;
  opsTokenFile?: string;
}

export interface Servers {
  consent: Server;
  monitor: Server;
  system: (id: SystemId) => Server;
}

/** Of the first system; the others follow in the order of SYSTEMS. */
const FIRST_PORT = 3001;

/**
 * Where the servers are and with which tokens they are asked. Read once, at start; tokens come from the environment or
 * a file, never from a flag: other users of the host can read the command line.
 */
export function readServers(flags: GlobalFlags, env: NodeJS.ProcessEnv): Servers {
  const consentToken = readToken('--token-file', flags.tokenFile, 'CONSENT_TOKEN', env);
  const opsToken = readToken('--ops-token-file', flags.opsTokenFile, 'OPS_TOKEN', env);
  const systemUrls = readSystemUrls(flags.systemUrl ?? [], env['SYSTEM_URLS']);
  const consentUrl = flags.consentUrl ?? env['CONSENT_URL'] ?? 'http://127.0.0.1:3000';
  const monitorUrl = flags.monitorUrl ?? env['MONITOR_URL'] ?? 'http://127.0.0.1:3010';
  return {
    consent: {
      name: 'consent-service',
      url: readUrl('CONSENT_URL', consentUrl),
      token: consentToken,
      urlSetting: '--consent-url or CONSENT_URL',
      tokenSetting: 'CONSENT_TOKEN or --token-file',
    },
    monitor: {
      name: 'propagation-monitor',
      url: readUrl('MONITOR_URL', monitorUrl),
      token: undefined,
      urlSetting: '--monitor-url or MONITOR_URL',
      tokenSetting: '',
    },
    system: (id) => ({
      name: id,
      url: systemUrls[id] ?? `http://127.0.0.1:${FIRST_PORT + SYSTEMS.indexOf(id)}`,
      token: opsToken,
      urlSetting: `--system-url ${id}=<url> or SYSTEM_URLS`,
      tokenSetting: 'OPS_TOKEN or --ops-token-file',
    }),
  };
}

/** As the servers take it. */
const TOKEN = /^[\x21-\x7e]{1,512}$/;
const A_TOKEN = 'expected one word of at most 512 visible ASCII characters, nothing else';

/** What is wrong with a token is said without showing it. */
function readToken(flag: string, file: string | undefined, name: string, env: NodeJS.ProcessEnv): string | undefined {
  const token = file === undefined ? (env[name] ?? '').trim() : readTokenFile(flag, file);
  if (token === '' && file === undefined) return undefined;
  if (TOKEN.test(token)) return token;
  throw usageError(`${file === undefined ? `${name} is` : `${flag}: '${file}' holds`} no token (${A_TOKEN})`);
}

function readTokenFile(flag: string, file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw usageError(`${flag}: cannot read '${file}' (${(cause as NodeJS.ErrnoException).code ?? 'unknown error'})`);
  }
}

const AN_ADDRESS = 'expected http://host:port or https://…';

/** Messages show the address, so it must hold no secret: neither a user nor a query. */
function readUrl(setting: string, value: string): string {
  if (/[@?#]/.test(value))
    throw usageError(`${setting}: an address with a user, a password or a query is not taken (${AN_ADDRESS})`);
  const url = URL.canParse(value) ? new URL(value) : undefined;
  if (!url || (url.protocol !== 'http:' && url.protocol !== 'https:'))
    throw usageError(`${setting}: '${value}' is no address (${AN_ADDRESS})`);
  return value.replace(/\/+$/, '');
}

function readSystemUrls(flags: string[], variable: string | undefined): Partial<Record<SystemId, string>> {
  const entries = [...Object.entries(parseMap(variable)), ...flags.map(parseFlag)];
  const urls: Partial<Record<SystemId, string>> = {};
  for (const [key, value] of entries) {
    const id = SYSTEMS.find((system) => system === key);
    if (!id) throw usageError(`SYSTEM_URLS: ${shown(key)} is no system (expected ${SYSTEMS.join(', ')})`);
    urls[id] = readUrl(`SYSTEM_URLS, ${id}`, String(value));
  }
  return urls;
}

function parseFlag(flag: string): [string, string] {
  const at = flag.indexOf('=');
  if (at < 1) throw usageError(`--system-url: ${shown(flag)} (expected <system>=<url>)`);
  return [flag.slice(0, at), flag.slice(at + 1)];
}

/** Where an address may stand by mistake only a word is shown. */
const shown = (text: string): string => (/^[\w-]+$/.test(text) ? `'${text}'` : 'what is given');

function parseMap(variable: string | undefined): Record<string, unknown> {
  if (!variable) return {};
  try {
    const map: unknown = JSON.parse(variable);
    if (typeof map === 'object' && map !== null && !Array.isArray(map)) return map as Record<string, unknown>;
  } catch {
    // Said below, with what is expected.
  }
  throw usageError(`SYSTEM_URLS: not a JSON object (expected {"directory-listing":"http://host:port", …})`);
}
