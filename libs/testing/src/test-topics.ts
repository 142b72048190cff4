import { randomBytes } from 'node:crypto';
import { type Topics, topics } from '@consent/events';
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

/** All topics of the pipeline under a prefix of their own, with their schemas registered. */
export async function testTopics(): Promise<TestTopics> {
  const brokers = required('KAFKA_BROKERS').split(',');
  const prefix = `test-${randomBytes(5).toString('hex')}.`;
  const kafka = createKafka({ brokers, clientId: 'testing' });
  const registry = testRegistry();
  await ensureTopics(kafka, allTopics(prefix));
  await registerSchemas(registry, topics(prefix));
  const admin = await createTopicAdmin(kafka);
  return {
    prefix,
    topics: topics(prefix),
    brokers,
    kafka,
    admin,
    registry,
    async drop() {
      await admin.deleteTopics(allTopics(prefix));
      await admin.close();
    },
  };
}

export const testRegistry = (): SchemaRegistry => new SchemaRegistry({ url: required('SCHEMA_REGISTRY_URL') });
