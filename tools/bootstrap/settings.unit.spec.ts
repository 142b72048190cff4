import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { hostConfig, kafkaConfig } from '@consent/service-host';
import { ROOT } from '../stack/instance.ts';
import { malformedSettings } from './settings.mjs';

const OURS = { ...hostConfig(3000).shape, KAFKA_TOPIC_PREFIX: kafkaConfig.shape.KAFKA_TOPIC_PREFIX };

describe('what a start hands on to the services', () => {
  it.each([
    ['KAFKA_TOPIC_PREFIX', ['my env', ' ', 'é', 'a/b', 'x'.repeat(101)], ['test-1.', 'x'.repeat(100)]],
    ['LOG_LEVEL', ['loud', 'INFO', ' info', '3'], ['info', 'silent']],
    ['OTEL_EXPORTER_OTLP_ENDPOINT', ['x', '4318', 'ftp://a', 'http://', 'http://a:99999'], ['http://127.0.0.1:4318']],
    ['SERVICE_BUILD', ['a b', '\n', 'x'.repeat(101)], ['v1.2-3-gabc']],
  ] as const)(
    'is refused before anything is started exactly when a service would refuse it: %s',
    (name, wrong, right) => {
      for (const value of [...wrong, ...right]) {
        const fault = malformedSettings({ [name]: value })[0];
        expect([value, fault === undefined]).toEqual([value, OURS[name].safeParse(value).success]);
        expect([value, fault === undefined]).toEqual([value, (right as readonly string[]).includes(value)]);
        if (fault)
          expect(fault.found).toBe(
            `${name} is ${JSON.stringify(value.length > 80 ? `${value.slice(0, 80)}… (${value.length} characters)` : value)}`,
          );
      }
    },
  );

  it('is refused where the folder of the catalogue is none; an empty variable counts as absent', () => {
    for (const folder of ['/no/catalogue', '/etc'])
      expect(malformedSettings({ CATALOGUE_DIR: folder })).toMatchObject([
        { found: `CATALOGUE_DIR is "${folder}"`, wrongValue: true },
      ]);
    expect(malformedSettings({ CATALOGUE_DIR: path.join(ROOT, 'catalogue') })).toEqual([]);
    expect(malformedSettings({ CATALOGUE_DIR: '', LOG_LEVEL: '' })).toEqual([]);
  });
});
