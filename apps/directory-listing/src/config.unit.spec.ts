import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readConfig } from '@consent/service-host';
import { config } from './config.js';

const least = {
  DATABASE_URL: 'postgres://user:secret@127.0.0.1:5432/directory_listing',
  KAFKA_BROKERS: '127.0.0.1:9092',
  SCHEMA_REGISTRY_URL: 'http://127.0.0.1:8081/apis/ccompat/v7',
};
const file = (content: string): string => {
  const name = path.join(mkdtempSync(path.join(tmpdir(), 'stand-ins-')), 'stand-ins.json');
  writeFileSync(name, content);
  return name;
};

describe('configuration of a system', () => {
  it('needs the database, the brokers and the registry, and nothing else', () => {
    expect(readConfig(config, least)).toMatchObject({ PORT: 3004, STAND_IN_PURPOSES: {} });
    expect(() => readConfig(config, {})).toThrow(/DATABASE_URL: is not set[^]*KAFKA_BROKERS: is not set/);
  });

  it('reads as which purposes those of another catalogue are treated', () => {
    const standIns = { 'directory-listing': { 'bench-01': 'directory-contact-listing' }, 'group-sharing': {} };
    const env = { ...least, STAND_IN_PURPOSES: file(JSON.stringify(standIns)) };
    expect(readConfig(config, env).STAND_IN_PURPOSES).toEqual(standIns['directory-listing']);
  });

  it.each(['{}', 'no JSON', '{"directory-listing":{"bench-01":"customer-newsletter"}}'])(
    'refuses to start on stand-ins that are none: %s',
    (content) => {
      const env = { ...least, STAND_IN_PURPOSES: file(content) };
      expect(() => readConfig(config, env)).toThrow('STAND_IN_PURPOSES');
    },
  );

  it('reads who may send feeds, and refuses to start on what is no list of suppliers', () => {
    const [hash, other] = ['a'.repeat(64), 'b'.repeat(64)];
    const read = (list: string) => readConfig(config, { ...least, SUPPLIER_TOKENS_SHA256: list });
    expect(read(`one=${hash}, two=${other}`).SUPPLIER_TOKENS_SHA256).toEqual({ one: hash, two: other });
    for (const unclear of [`one=${hash}, two=${hash}`, `one=${hash}, one=${other}`])
      expect(() => read(unclear)).toThrow('each supplier and each token once');
    expect(() => read('one=secret')).toThrow('expected supplier=SHA-256');
    expect(() => read('one=secret')).not.toThrow('secret');
  });

  it('refuses to start on a file that is not there, naming it', () => {
    const env = { ...least, STAND_IN_PURPOSES: '/not/there.json' };
    expect(() => readConfig(config, env)).toThrow('/not/there.json');
  });
});
