import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { until } from '@consent/testing';
import { specApp, type SpecApp } from '../spec-app.js';
import { catalogueFiles } from './catalogue-files.js';
import { type CatalogueChange } from './read-change.js';

const PURPOSE = 'customer-newsletter';
const FILES = catalogueFiles(fileURLToPath(new URL('../../../../catalogue/', import.meta.url)));
/** The newsletter concerns one system more. */
const NAMES_MORE = FILES.map(({ name, text }) => ({
  name,
  text: text.replace(
    new RegExp(`(- id: ${PURPOSE}\\n[^]*?systems: \\[marketing-segmentation)\\]`),
    (_, before: string) => `${before}, group-sharing]`,
  ),
}));

describe('a catalogue that names a system anew', () => {
  let app: SpecApp;
  let system: Server;
  /** What the system's build says of itself at GET /v1/consumer; null: it fails. */
  let report: object | null;
  beforeEach(async () => {
    system = createServer((request, response) => {
      response.writeHead(report !== null && request.url === '/v1/consumer' ? 200 : 500);
      response.end(JSON.stringify(report));
    });
    await new Promise<void>((resolve) => system.listen(0, '127.0.0.1', resolve));
    const url = `http://127.0.0.1:${(system.address() as AddressInfo).port}`;
    app = await specApp(undefined, FILES, { 'group-sharing': url });
  }, 30_000);
  afterEach(async () => {
    system.closeAllConnections();
    await new Promise((resolve) => system.close(resolve));
    await app.close();
  });

  const plan = async (): Promise<CatalogueChange> => {
    const { body } = await app.call<CatalogueChange>('POST', '/v1/catalogue/changes', { body: { files: NAMES_MORE } });
    return until('the change is planned', async () => {
      const found = await app.call<CatalogueChange>('GET', `/v1/catalogue/changes/${body.changeId}`);
      return found.body.state === 'planned' ? found.body : null;
    });
  };
  const apply = ({ changeId, planHash }: CatalogueChange, more: object = {}) =>
    app.call('POST', `/v1/catalogue/changes/${changeId}/apply`, { body: { planHash, ...more } });
  const handling = async ({ changeId }: CatalogueChange) =>
    (await app.call<object[]>('GET', `/v1/catalogue/changes/${changeId}/handling`)).body;

  it.each([
    ['has no rule for the purpose', { systemId: 'group-sharing', purposes: ['q'] }, [PURPOSE], 'has no rule for'],
    ['does not say what it has rules for', { systemId: 'group-sharing' }, null, 'unknown whether'],
    ['is another system’s', { systemId: 'directory-listing', purposes: [PURPOSE] }, null, 'unknown whether'],
    ['does not answer', null, null, 'unknown whether'],
  ])(
    'is refused to whoever applies it while the running build %s, and nothing changes; the reason given, it is applied',
    async (_, said, missing, words) => {
      report = said;
      const change = await plan();
      expect(await handling(change)).toEqual([{ systemId: 'group-sharing', purposes: [PURPOSE], missing }]);
      const refused = await apply(change);
      expect(refused).toMatchObject({ status: 409, body: { type: 'urn:consent:problem:catalogue-not-handled' } });
      expect(refused.text).toContain(words);
      const { rows } = await app.sql.query('SELECT version FROM catalogue_in_force');
      expect(rows).toEqual([{ version: change.difference.from }]);
      expect((await apply(change, { despite: 'its build follows tonight' })).status).toBe(200);
      expect((await apply(change)).status).toBe(200);
    },
    30_000,
  );

  it('is applied when its running build has a rule for the purpose', async () => {
    report = { systemId: 'group-sharing', purposes: ['q', PURPOSE] };
    const change = await plan();
    expect(await handling(change)).toEqual([{ systemId: 'group-sharing', purposes: [PURPOSE], missing: [] }]);
    expect((await apply(change)).status).toBe(200);
  });
});
