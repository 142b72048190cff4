import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { ConfigError } from '@consent/service-host';
import { type Callers, loadCallers } from './callers.js';

const hash = (token: string): string => createHash('sha256').update(token).digest('hex');
const web = { name: 'web', tokenSha256: hash('one'), actor: 'self', may: ['record'] } as const;
const desk = { name: 'desk', tokenSha256: hash('two'), actor: 'agent', may: ['read'] } as const;

describe('callers', () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'callers-'));
  afterAll(() => rmSync(dir, { recursive: true }));
  const load = (content: unknown): Callers => {
    const file = path.join(dir, 'callers.json');
    writeFileSync(file, typeof content === 'string' ? content : JSON.stringify(content));
    return loadCallers(file);
  };

  it('are known by their bearer token alone', () => {
    const callers = load([web, desk]);
    expect(callers.authenticate('Bearer one')?.name).toBe('web');
    expect(callers.authenticate('bearer two')?.name).toBe('desk');
    for (const header of [
      undefined,
      '',
      'Bearer',
      'Bearer ',
      'Bearer three',
      'Basic one',
      `Bearer ${hash('one')}`,
      'Bearer one two',
    ])
      expect(callers.authenticate(header)).toBeNull();
  });

  it.each<[string, unknown, RegExp]>([
    ['no JSON', '[', /cannot be read as JSON/],
    ['nobody', [], /the file/],
    ['a plain token', [{ ...web, tokenSha256: 'one' }], /0\.tokenSha256: expected the SHA-256/],
    ['an unknown actor', [{ ...web, actor: 'robot' }], /0\.actor/],
    ['an unknown right', [{ ...web, may: ['rule'] }], /0\.may\.0/],
    ['an unknown field', [{ ...web, token: 'one' }], /token/],
    ['one name twice', [web, { ...desk, name: 'web' }], /web: expected a name that no other caller has/],
    ['one token twice', [web, { ...desk, tokenSha256: web.tokenSha256 }], /tokenSha256 that no other/],
  ])('refuses a file with %s, and says where', (_, content, message) => {
    expect(() => load(content)).toThrow(message);
    expect(() => load(content)).toThrow(ConfigError);
  });

  it('says which file is missing', () => {
    expect(() => loadCallers(path.join(dir, 'none.json'))).toThrow(/none\.json.*ENOENT/);
  });
});
