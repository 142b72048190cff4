import { randomBytes } from 'node:crypto';
import { SYSTEMS, type Topics, topics } from '@consent/events';
import {
  allTopics,
  createKafka,
  createTopicAdmin,
  ensureTopics,
  type Kafka,
  registerSchemas,
  SchemaRegistry,
  type TopicAdmin,
} from '@consent/kafka';
import { required } from './required.js';

export interface TestTopics {
  /** KAFKA_TOPIC_PREFIX of a service that shall use these topics. */
  prefix: string;
  topics: Topics;
  brokers: string[];
  kafka: Kafka;
  admin: TopicAdmin;
  registry: SchemaRegistry;
  /** Removes the topics and closes what this opened. */
  drop(): Promise<void>;
}

/**
 * The topics of the pipeline under a prefix of their own, with their schemas registered.
 * @param systems whose acknowledgement topics are wanted: twelve partitions each are work for the broker
 */
export async function testTopics(systems: readonly string[] = SYSTEMS): Promise<TestTopics> {
  const brokers = required('KAFKA_BROKERS').split(',');
  const prefix = `test-${randomBytes(5).toString('hex')}.`;
  const kafka = createKafka({ brokers, clientId: 'testing' });
  const registry = testRegistry();
  await ensureTopics(kafka, allTopics(prefix, systems));
  await registerSchemas(registry, topics(prefix), systems);
  const admin = await createTopicAdmin(kafka);
  return {
    prefix,
    topics: topics(prefix),
    brokers,
    kafka,
    admin,
    registry,
    async drop() {
      await admin.deleteTopics(allTopics(prefix, systems));
      await admin.close();
    },
  };
}

/** Patient, as the tests of a whole run are upon it. */
export const testRegistry = (): SchemaRegistry =>
  new SchemaRegistry({ url: required('SCHEMA_REGISTRY_URL'), timeoutMs: 30_000 });
