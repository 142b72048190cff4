import { expect, it } from '@jest/globals';
import { config } from './config.js';

it('refuses an address of consent-service with a password, without showing it: messages show the address', () => {
  const env = {
    DATABASE_URL: 'postgres://app@127.0.0.1/monitor',
    KAFKA_BROKERS: '127.0.0.1:9092',
    SCHEMA_REGISTRY_URL: 'http://127.0.0.1:8081',
    CONSENT_SERVICE_URL: 'http://user:hush@127.0.0.1:3000',
  };
  expect(() => config(env)).toThrow('CONSENT_SERVICE_URL: found "http://***@127.0.0.1:3000"; expected no user');
});
