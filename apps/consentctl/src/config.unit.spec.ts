import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { readServers } from './config.js';
import { runCommand } from './spec/run-command.js';

describe('Settings', () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(path.join(tmpdir(), 'consentctl-'));
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  it('a flag wins over its variable, and a variable over the default', () => {
    const env = { CONSENT_URL: 'http://variable:1', SYSTEM_URLS: '{"group-sharing":"http://variable:5/"}' };
    expect(readServers({}, {}).consent.url).toBe('http://127.0.0.1:3000');
    expect(readServers({}, env).consent.url).toBe('http://variable:1');
    expect(readServers({ consentUrl: 'http://flag:1' }, env).consent.url).toBe('http://flag:1');
    expect(readServers({}, env).system('group-sharing').url).toBe('http://variable:5');
    expect(readServers({ systemUrl: ['group-sharing=http://flag:5'] }, env).system('group-sharing').url).toBe(
      'http://flag:5',
    );
    expect(readServers({}, env).system('directory-listing').url).toBe('http://127.0.0.1:3004');
  });

  it('each server gets the token that is meant for it, and the monitor none', () => {
    const file = path.join(dir, 'token');
    writeFileSync(file, 'from-file\n');
    const servers = readServers({ tokenFile: file }, { CONSENT_TOKEN: 'from-variable', OPS_TOKEN: 'ops' });
    expect(servers.consent.token).toBe('from-file');
    expect(servers.system('group-sharing').token).toBe('ops');
    expect(servers.monitor.token).toBeUndefined();
  });

  it.each([
    [{ consentUrl: 'localhost:3000' }, {}, /CONSENT_URL: .*expected http/],
    [{}, { SYSTEM_URLS: 'http://x' }, /SYSTEM_URLS: not a JSON object/],
    [{}, { SYSTEM_URLS: '{"billing":"http://x"}' }, /'billing' is no system/],
    [{ systemUrl: ['group-sharing'] }, {}, /expected <system>=<url>/],
    [{ tokenFile: '/nowhere/token' }, {}, /--token-file: cannot read .*ENOENT/],
  ])('wrong settings %j %j are refused', (flags, env, message) => {
    expect(() => readServers(flags, env)).toThrow(message);
  });

  it('a token file with something else in it is refused without showing it', () => {
    const file = path.join(dir, 'two-words');
    writeFileSync(file, 'not a-token');
    expect(() => readServers({ opsTokenFile: file }, {})).toThrow('holds no token');
    expect(() => readServers({ opsTokenFile: file }, {})).not.toThrow('a-token');
  });

  it.each(['CONSENT_TOKEN', 'OPS_TOKEN'])(
    'a %s that no server could take is refused without showing it',
    async (name) => {
      for (const token of ['hush-1\nhush-2', 'hush€', 'hush hush', 'hush'.repeat(200)]) {
        const ended = await runCommand('parked release --system group-sharing 1', { [name]: token });
        expect(ended).toMatchObject({ exitCode: 2, out: '' });
        expect(ended.err).toBe(
          `consentctl: ${name} is no token (expected one word of at most 512 visible ASCII characters, nothing else)\n`,
        );
      }
    },
  );

  it.each([
    [['--consent-url', 'http://u:hush@127.0.0.1:1'], {}, /^CONSENT_URL: /],
    [[], { CONSENT_URL: 'http://u:hush@127.0.0.1:1' }, /^CONSENT_URL: /],
    [[], { CONSENT_URL: 'u:hush@127.0.0.1' }, /^CONSENT_URL: /],
    [[], { MONITOR_URL: 'https://127.0.0.1:1/?token=hush' }, /^MONITOR_URL: /],
    [[], { SYSTEM_URLS: '{"group-sharing":"http://u:hush@127.0.0.1:1"}' }, /^SYSTEM_URLS, group-sharing: /],
    [['--system-url', 'http://u:hush@127.0.0.1:1'], {}, /^--system-url: /],
    [['--system-url', 'http://u:hush=1@127.0.0.1:1'], {}, /^SYSTEM_URLS: /],
  ])('an address with a secret, %j %j, is refused without showing it', async (flags, env, setting) => {
    const ended = await runCommand(['parked list --json', ...flags].join(' '), env);
    expect(ended).toMatchObject({ exitCode: 2, out: '' });
    expect((JSON.parse(ended.err) as { error: string }).error).toMatch(setting);
    expect(ended.err).not.toContain('hush');
  });
});
