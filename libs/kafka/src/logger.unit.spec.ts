import { expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { logThrough } from './logger.js';

const { ERROR, WARN, INFO, DEBUG } = kafkajs.logLevel;

it.each([
  ['Connection', ERROR, 'Response InitProducerId(key: 22, version: 1)', 'warn'],
  ['Connection', ERROR, 'Connection error: connect ECONNREFUSED', 'error'],
  ['Consumer', ERROR, 'Crash: KafkaJSNumberOfRetriesExceeded', 'error'],
  ['Consumer', WARN, 'The group is rebalancing, so a rejoin is needed', 'warn'],
  ['Consumer', INFO, 'Starting', 'info'],
  ['Connection', DEBUG, 'Response Fetch(key: 1, version: 11)', 'debug'],
])('of kafkajs an entry of its %s at level %d, "%s", is told as %s', (namespace, level, message, as) => {
  const told: string[] = [];
  const note = (name: string) => () => void told.push(name);
  const logger = { debug: note('debug'), info: note('info'), warn: note('warn'), error: note('error') };
  const timestamp = '2026-12-02T00:00:00.000Z';
  logThrough(logger)(level)({ namespace, level, label: '', log: { message, timestamp } });
  expect(told).toEqual([as]);
});
