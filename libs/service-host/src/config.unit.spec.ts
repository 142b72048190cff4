import { describe, expect, it } from '@jest/globals';
import { z } from 'zod';
import { ConfigError, databaseConfig, hostConfig, kafkaConfig, masked, readConfig } from './config.js';

const schema = z.object({ ...hostConfig(3000).shape, ...databaseConfig.shape, ...kafkaConfig.shape });
const enough = {
  DATABASE_URL: 'postgres://app:hush@db:5432/consent',
  KAFKA_BROKERS: 'a:9092, b:9092',
  SCHEMA_REGISTRY_URL: 'http://registry:8081',
};

describe('configuration', () => {
  it('has defaults for everything but what a service must be told', () => {
    expect(readConfig(schema, enough)).toEqual({
      ...enough,
      HOST: '127.0.0.1',
      PORT: 3000,
      LOG_LEVEL: 'info',
      SERVICE_BUILD: 'dev',
      KAFKA_BROKERS: ['a:9092', 'b:9092'],
      KAFKA_TOPIC_PREFIX: '',
    });
  });

  it('names every bad key, what was found and what is expected', () => {
    const wrong = { ...enough, PORT: '70000', LOG_LEVEL: 'loud', KAFKA_BROKERS: 'nowhere', SCHEMA_REGISTRY_URL: '' };
    expect(() => readConfig(schema, wrong)).toThrow(ConfigError);
    expect(() => readConfig(schema, wrong)).toThrow(
      [
        'The configuration is wrong:',
        '  PORT: found "70000"; expected a whole number from 0 to 65535',
        '  LOG_LEVEL: found "loud"; expected one of fatal, error, warn, info, debug, trace, silent',
        '  KAFKA_BROKERS: found "nowhere"; expected host:port, several separated by commas',
        '  SCHEMA_REGISTRY_URL: is not set; expected a URL such as http://127.0.0.1:8081/apis/ccompat/v7',
      ].join('\n'),
    );
  });

  it.each([
    ['HOST', 'my host', 'expected an IP address or a host name'],
    ['SERVICE_BUILD', 'x'.repeat(101), 'expected at most 100 visible ASCII characters, without a space'],
    ['KAFKA_TOPIC_PREFIX', 'x'.repeat(101), 'expected at most 100 letters, digits, dots, dashes and underscores'],
    ['KAFKA_TOPIC_PREFIX', ' ', 'expected at most 100 letters, digits, dots, dashes and underscores'],
    ['KAFKA_BROKERS', 'a:99999', 'expected host:port, several separated by commas'],
    ['KAFKA_BROKERS', 'a:0', 'expected host:port, several separated by commas'],
    ['KAFKA_BROKERS', 'a:9092,', 'expected host:port, several separated by commas'],
  ])('refuses a %s with which a service would fail later: %j', (key, value, expected) => {
    expect(() => readConfig(schema, { ...enough, [key]: value })).toThrow(
      `The configuration is wrong:\n  ${key}: found ${JSON.stringify(value)}; ${expected}`,
    );
  });

  it('cuts a value that is very long', () => {
    expect(() => readConfig(schema, { ...enough, PORT: '9'.repeat(5_000) })).toThrow(
      /"9{200}… \(5000 characters\)"; exp/,
    );
  });

  it('shows no secret, neither whole nor within a URL', () => {
    expect(() => readConfig(schema, { ...enough, DATABASE_URL: 'mysql://app:hush@db/x' })).toThrow(
      'DATABASE_URL: found "mysql://***@db/x"',
    );
    expect(masked('OPS_TOKEN', 'hush')).toBe('***');
    expect(masked('DATABASE_URL', 'postgre://app:hu/sh@db/x')).toBe('postgre://***@db/x');
    expect(masked('DATABASE_URL', 'postgre://app:hu@sh@db/x')).toBe('postgre://***@db/x');
    expect(masked('DATABASE_URL', 'app:hush@db')).toBe('***@db');
    expect(masked('DATABASE_URL', 'postgre://db/x?user=app&password=hush')).toBe('postgre://db/x?***');
  });
});
