export { createKafka, type Kafka, type KafkaSettings } from './create-kafka.js';
export { type Logger } from './logger.js';
export { createProducer, type ProducerSettings, type RecordProducer } from './producer.js';
export { maxRecordBytes } from './record-limits.js';
export { bytesOf, type OutgoingRecord } from './send-queue.js';
export { isTooLarge, KafkaSendError, type SendErrorCode } from './send-error.js';
export { exchange, type Exchange } from './exchange.js';
export { partitionOf } from './partition-of.js';
export { RegistryError, type RegistryErrorCode, SchemaRegistry } from './schema-registry.js';
export { RecordReader } from './record-reader.js';
export { allTopics, ensureTopics, type TopicDurability } from './ensure-topics.js';
export { registerSchemas, registrySubjectOf } from './register-schemas.js';
export { type ConsumedRecord, headerText } from './consumed-record.js';
export {
  type ConsumerSettings,
  type PartitionOffset,
  type RecordBatch,
  runConsumer,
  type RunningConsumer,
  type TopicPartition,
} from './run-consumer.js';
export { createTopicAdmin, type PartitionRange, type TopicAdmin } from './topic-admin.js';
