import { afterEach, describe, expect, it } from '@jest/globals';
import { type FakeServer, fakeServer, raw, type Routes, status } from '../spec/fake-server.js';
import { runCommand } from '../spec/run-command.js';

describe('What a server may do to a command', () => {
  const servers: FakeServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });
  const consentUrl = async (routes: Routes): Promise<string> => {
    const server = await fakeServer(routes);
    servers.push(server);
    return server.url;
  };
  const listPurposes = async (answer: () => unknown) =>
    runCommand('purposes list', { CONSENT_URL: await consentUrl({ 'GET /v1/catalogue': answer }) });

  it('no answer is exit code 3, and says where it was sought and which setting names another place', async () => {
    const server = await fakeServer({});
    await server.close();
    const ended = await runCommand('purposes list', { CONSENT_URL: server.url });
    expect(ended).toMatchObject({ exitCode: 3, out: '' });
    expect(ended.err).toContain(`no answer from consent-service at ${server.url} (ECONNREFUSED)`);
    expect(ended.err).toContain('--consent-url or CONSENT_URL');
  });

  it('401 is exit code 4 and names the setting of the token', async () => {
    const ended = await listPurposes(() => status(401, { title: 'Unauthorized' }));
    expect(ended.exitCode).toBe(4);
    expect(ended.err).toContain('set CONSENT_TOKEN or --token-file');
  });

  it('403 is exit code 4', async () => {
    expect((await listPurposes(() => status(403))).exitCode).toBe(4);
  });

  it('a refusal shows what the server says is wrong, where, and what is expected', async () => {
    const errors = [{ path: 'select.since', message: 'found a number', expected: 'an ISO 8601 time' }];
    const ended = await listPurposes(() =>
      status(422, { title: 'Unprocessable', detail: 'The request is wrong', errors }),
    );
    expect(ended.exitCode).toBe(4);
    expect(ended.err).toContain('The request is wrong; select.since: found a number (expected an ISO 8601 time)');
  });

  it('a refusal says once what the detail and the list of errors both say', async () => {
    const errors = [
      { path: 'select.since', message: 'found a number', expected: 'an ISO 8601 time' },
      { path: 'select.purpose', message: 'is missing', expected: 'a purpose' },
    ];
    const detail = 'body select.since: found a number; expected an ISO 8601 time, and 1 more fault';
    const ended = await listPurposes(() => status(422, { detail, errors }));
    expect(ended.err).toContain(`${detail}; select.purpose: is missing (expected a purpose)`);
  });

  it('a refused transition names those that are open instead, and who may cause each', async () => {
    const openTransitions = [
      { status: 'objection_submitted', causes: ['person', 'guardian'] },
      { status: 'objected', causes: ['operator'] },
    ];
    const ended = await listPurposes(() => status(409, { detail: 'Nothing is under assessment', openTransitions }));
    expect(ended.err).toContain(
      'Nothing is under assessment; open instead: objection_submitted (by person, guardian), objected (by operator)',
    );
  });

  it('404 is exit code 5 with the words of the server', async () => {
    const CONSENT_URL = await consentUrl({});
    const ended = await runCommand('purposes show no-such-purpose', { CONSENT_URL });
    expect(ended).toMatchObject({ exitCode: 5, out: '' });
    expect(ended.err).toContain('no /v1/purposes/no-such-purpose');
  });

  it.each([
    ['a failure', () => status(500, { title: 'The service failed' }), 'The service failed'],
    ['a proxy that speaks HTML', () => raw('<html>'), 'not its API'],
    ['an answer with a field missing', () => ({ version: 'v' }), 'at purposes'],
    ['a redirect', () => status(302), 'failed (302)'],
    ['another server, which has no such path', () => status(404, { error_code: 404 }), '--consent-url or CONSENT_URL'],
    [
      'a server of ours that is not the one asked for',
      () => status(404, { type: 'urn:consent:problem:not-found', detail: 'No resource has the path /v1/catalogue' }),
      'does not have its API',
    ],
  ])('%s is exit code 6', async (_, answer, words) => {
    const ended = await listPurposes(answer);
    expect(ended.exitCode).toBe(6);
    expect(ended.err).toContain(words);
  });

  it('with --json an error is JSON too, on standard error', async () => {
    const ended = await runCommand('purposes list --json --consent-url ftp://x');
    expect(JSON.parse(ended.err)).toEqual({ error: expect.stringContaining('ftp://x'), exitCode: 2 });
    expect(ended.out).toBe('');
  });
});
