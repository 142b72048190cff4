import kafkajs, { type Kafka } from 'kafkajs';
import { type Logger, logThrough } from './logger.js';
import { mendCoordinator } from './mend-coordinator.js';
import { mendRequestQueue } from './mend-request-queue.js';

export type { Kafka } from 'kafkajs';

export interface KafkaSettings {
  /** host:port of each bootstrap broker. */
  brokers: string[];
  /** Shown in the broker's request log; name the service. */
  clientId: string;
  /** Where warnings and errors of the client go; silent when absent. */
  logger?: Logger;
}

/** A client; connects nothing by itself. A request without an answer fails after 10 s and is tried again. */
export function createKafka({ brokers, clientId, logger }: KafkaSettings): Kafka {
  if (brokers.length === 0) throw new Error('No Kafka brokers given: expected KAFKA_BROKERS as host:port,host:port');
  mendRequestQueue();
  mendCoordinator();
  return new kafkajs.Kafka({
    brokers,
    clientId,
    connectionTimeout: 3_000,
    requestTimeout: 10_000,
    logLevel: logger ? kafkajs.logLevel.WARN : kafkajs.logLevel.NOTHING,
    ...(logger ? { logCreator: logThrough(logger) } : {}),
    retry: { initialRetryTime: 100, maxRetryTime: 2_000, retries: 5 },
  });
}
