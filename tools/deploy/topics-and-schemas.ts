// Deploy job: creates the topics and registers the schemas of this build, then ends. Safe to repeat. Services only look up.
import { setTimeout as pause } from 'node:timers/promises';
import { topics } from '@consent/events';
import { allTopics, createKafka, ensureTopics, registerSchemas, SchemaRegistry } from '@consent/kafka';

const WAIT_MS = 120_000;

const brokers = required('KAFKA_BROKERS', 'host:port, several separated by commas').split(',');
const registryUrl = required('SCHEMA_REGISTRY_URL', 'an address such as http://registry:8080/apis/ccompat/v7');
const prefix = process.env['KAFKA_TOPIC_PREFIX'] ?? '';
const replicationFactor = copies('TOPIC_REPLICATION_FACTOR');
const minInSyncReplicas = copies('TOPIC_MIN_IN_SYNC_REPLICAS');

const names = allTopics(prefix);
const kafka = createKafka({ brokers, clientId: 'topics-and-schemas' });
await untilUp('Kafka', () => ensureTopics(kafka, names, { replicationFactor, minInSyncReplicas }));
console.log(`${names.length} topics exist`);
await untilUp('The schema registry', () => registerSchemas(new SchemaRegistry({ url: registryUrl }), topics(prefix)));
console.log('The schemas of this build are registered');

/** Tries again while the server is not up yet; anything else it says ends the job at once. */
async function untilUp(server: string, work: () => Promise<unknown>): Promise<void> {
  const giveUpAt = performance.now() + WAIT_MS;
  for (;;) {
    try {
      await work();
      return;
    } catch (error) {
      if (!isDown(error) || performance.now() > giveUpAt) throw error;
      console.log(`${server} does not answer yet: ${(error as Error).message}`);
      await pause(2_000);
    }
  }
}

function isDown(error: unknown): boolean {
  const { message, cause } = error as { message?: string; cause?: { code?: string } };
  return /ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ECONNRESET|fetch failed|Connection (error|timeout)/i.test(
    `${message} ${cause?.code ?? ''}`,
  );
}

function required(name: string, expected: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set: expected ${expected}`);
  return value;
}

function copies(name: string): number {
  const value = process.env[name] ?? '1';
  if (!/^[1-9]$/.test(value)) throw new Error(`${name} is '${value}': expected a whole number from 1 to 9`);
  return Number(value);
}
