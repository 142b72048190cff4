import { readFileSync } from 'node:fs';
import { SYSTEMS } from '@consent/events';
import { type FakeServer, fakeServer, type Routes } from './fake-server.js';

/** The three kinds of server a command may ask, as far as a test fills them, and the settings that lead to them. */
export interface FakePipeline {
  consent: FakeServer;
  monitor: FakeServer;
  system: FakeServer;
  env: NodeJS.ProcessEnv;
  close: () => Promise<void>;
}

/** Nobody listens on port 1; on the ports of the default addresses a pipeline of this machine may. */
const NOBODY = 'http://127.0.0.1:1';

/** `system` answers for directory-listing, nobody for the others. */
export async function fakePipeline(routes: {
  consent?: Routes;
  monitor?: Routes;
  system?: Routes;
}): Promise<FakePipeline> {
  const [consent, monitor, system] = await Promise.all([
    fakeServer(routes.consent ?? {}),
    fakeServer(routes.monitor ?? {}),
    fakeServer(routes.system ?? {}),
  ]);
  return {
    consent,
    monitor,
    system,
    env: {
      CONSENT_URL: consent.url,
      MONITOR_URL: monitor.url,
      SYSTEM_URLS: JSON.stringify({
        ...Object.fromEntries(SYSTEMS.map((id) => [id, NOBODY])),
        'directory-listing': system.url,
      }),
      CONSENT_TOKEN: 'operator-token',
      OPS_TOKEN: 'ops-token',
    },
    close: async () => {
      await Promise.all([consent.close(), monitor.close(), system.close()]);
    },
  };
}

const hex = (n: number): string => n.toString(16).padStart(12, '0');
export const uuid = (n: number): string => `00000000-0000-4000-8000-${hex(n)}`;

/** A decision as consent-service answers it to a read. */
export const decision = (n: number, more: object = {}): Record<string, unknown> => ({
  decisionId: uuid(n),
  subjectId: uuid(900),
  version: n,
  scope: { level: 'line', id: uuid(800) },
  purposeId: 'directory-inclusion',
  status: 'withdrawn',
  direction: 'closing',
  effective: true,
  cause: 'person',
  permission: { allowed: false, reason: 'withdrawn', nextChangeAt: null },
  systems: [{ systemId: 'directory-listing', applyBy: '2026-11-24T12:00:30.000Z' }],
  decidedAt: '2026-11-24T12:00:00.000Z',
  receivedAt: '2026-11-24T12:00:00.050Z',
  committedAt: '2026-11-24T12:00:00.100Z',
  ...more,
});

const API = new URL('../../../consent-service/openapi.json', import.meta.url);
interface Api {
  components: { schemas: { Decision: { properties: object } } };
}
/** A decision as consent-service answers it to a write: of `decision`, what its API names there. */
export function recorded(n: number, more: object = {}): Record<string, unknown> {
  const { components } = JSON.parse(readFileSync(API, 'utf8')) as Api;
  const named = new Set(Object.keys(components.schemas.Decision.properties));
  return Object.fromEntries(Object.entries(decision(n, more)).filter(([field]) => named.has(field)));
}

/** A triple as the ledger and a system answer it. */
export const head = (n: number, allowed: boolean, version: number): Record<string, unknown> => ({
  decisionId: uuid(n),
  subjectId: uuid(900),
  scopeId: uuid(800 + n),
  purposeId: 'directory-inclusion',
  allowed,
  version,
  effective: true,
  versionInForce: version,
  systems: ['directory-listing'],
});
