import { databaseConfig, hostConfig, integerKey, kafkaConfig } from '@consent/service-host';
import { z } from 'zod';

/** Keys of consuming, beside those of every service. */
export const consumerConfig = z.object({
  /** SHA-256, in hex, of the token that operators' writes carry. Without it all of them are refused. */
  OPS_TOKEN_SHA256: z
    .string()
    .regex(/^[0-9a-f]{64}$/, 'expected 64 lower-case hex digits: the SHA-256 of the token')
    .optional(),
  /** A chunk is full from this many records. */
  CHUNK_RECORDS: integerKey(1, 10_000).default(500),
  /** Least time between two chunks, three times as long when they are well filled. Costs latency, saves transactions. No wait with a backlog. */
  GATHER_MS: integerKey(0, 1_000).default(25),
  /** More records than this that fail for good within a minute stop the consumer. */
  PARK_LIMIT_PER_MINUTE: integerKey(1, 100_000).default(50),
  /** Acknowledgements kept in memory while their topic is down. */
  ACKNOWLEDGEMENT_LIMIT: integerKey(1, 1_000_000).default(20_000),
  /** Without progress for this long, with records waiting, the service is not healthy. */
  STALL_SECONDS: integerKey(1, 3_600).default(60),
});
export type ConsumerConfig = z.output<typeof consumerConfig>;

/** All keys of a downstream service. `port` is the default of PORT. */
export const downstreamConfig = (port: number) =>
  hostConfig(port).extend(databaseConfig.shape).extend(kafkaConfig.shape).extend(consumerConfig.shape);
export type DownstreamConfig = z.output<ReturnType<typeof downstreamConfig>>;
