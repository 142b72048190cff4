// Deploy job: creates the topics and registers the schemas of this build, then ends. Safe to repeat. Services only look up.
// What is wrong is one line: exit code 78 for a variable, 1 for what a server refuses.
import { setTimeout as pause } from 'node:timers/promises';
import { topics } from '@consent/events';
import { allTopics, createKafka, ensureTopics, registerSchemas, SchemaRegistry } from '@consent/kafka';
import { malformedAddresses, serversGivenBy } from '../bootstrap/given-servers.mjs';
import { malformedSettings } from '../bootstrap/settings.mjs';

const WAIT_MS = 120_000;
const WRONG_CONFIGURATION = 78;

const { brokers = '', registryUrl = '' } = servers();
const prefix = process.env['KAFKA_TOPIC_PREFIX'] ?? '';
const replicationFactor = copies('TOPIC_REPLICATION_FACTOR');
const minInSyncReplicas = copies('TOPIC_MIN_IN_SYNC_REPLICAS');

const names = allTopics(prefix);
const kafka = createKafka({ brokers: brokers.split(','), clientId: 'topics-and-schemas' });
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
      if (!isDown(error) || performance.now() > giveUpAt)
        return end(`${server} refuses: ${(error as Error).message}`, 1);
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

function servers(): { brokers?: string; registryUrl?: string } {
  const { KAFKA_BROKERS, SCHEMA_REGISTRY_URL } = process.env;
  const given = serversGivenBy({ KAFKA_BROKERS, SCHEMA_REGISTRY_URL });
  if (!given.brokers) end('KAFKA_BROKERS is not set: expected host:port, several separated by commas');
  if (!given.registryUrl)
    end('SCHEMA_REGISTRY_URL is not set: expected an address such as http://registry:8080/apis/ccompat/v7');
  const [fault] = [
    ...malformedAddresses(given),
    ...malformedSettings({ KAFKA_TOPIC_PREFIX: process.env['KAFKA_TOPIC_PREFIX'] }),
  ];
  return fault ? end(`${fault.found}: ${fault.mend}`) : given;
}

function copies(name: string): number {
  const value = process.env[name] ?? '1';
  return /^[1-9]$/.test(value) ? Number(value) : end(`${name} is '${value}': expected a whole number from 1 to 9`);
}

function end(line: string, exitCode = WRONG_CONFIGURATION): never {
  process.stderr.write(`${line}\n`);
  process.exit(exitCode);
}
