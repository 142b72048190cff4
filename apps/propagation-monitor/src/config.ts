import {
  type HostConfig,
  databaseConfig,
  hostConfig,
  integerKey,
  kafkaConfig,
  readConfig,
  urlKey,
} from '@consent/service-host';
import { z } from 'zod';

const DEFAULT_PORT = 3010;

const monitorConfig = z.object({
  /** Where the ledger is asked what it holds; without it, or without a token, nobody checks and the status says so. */
  CONSENT_SERVICE_URL: urlKey(/^https?$/, 'http://127.0.0.1:3000')
    .refine((url) => !url.includes('@'), 'expected no user and no password in it: CONSENT_TOKEN is what is sent')
    .optional(),
  /** Bearer token of a caller with the right to read. */
  CONSENT_TOKEN: z
    .string()
    .regex(/^[\x21-\x7e]{1,512}$/, 'expected one word of at most 512 visible ASCII characters')
    .optional(),
  /** Time between two comparisons of ledger and topic, in seconds. */
  MONITOR_ATTEST_SECONDS: integerKey(1, 3_600).default(30),
  /** Shortest time between two transactions, in milliseconds: longer costs less, shorter shows sooner. */
  MONITOR_GATHER_MS: integerKey(10, 5_000).default(250),
  /** A decision that not all systems have answered is written after this long, in milliseconds, or else when all have. */
  MONITOR_HOLD_MS: integerKey(0, 60_000).default(1_000),
  /** Span of the lag percentiles, in seconds. */
  MONITOR_LAG_WINDOW_S: integerKey(10, 3_600).default(300),
  /** Decisions that every system has complied with are kept this long. */
  MONITOR_RETENTION_HOURS: integerKey(1, 87_600).default(2_160),
  /** A system that leaves something unanswered, and has said nothing for so long, is silent. */
  MONITOR_SILENT_AFTER_MS: integerKey(1_000, 3_600_000).default(15_000),
  /** A system whose oldest unacknowledged decision is older than this is behind. */
  MONITOR_BEHIND_AFTER_MS: integerKey(100, 3_600_000).default(10_000),
});
export type MonitorConfig = z.output<typeof monitorConfig>;

export interface Config extends HostConfig, MonitorConfig {
  DATABASE_URL: string;
  KAFKA_BROKERS: string[];
  SCHEMA_REGISTRY_URL: string;
  KAFKA_TOPIC_PREFIX: string;
}

/** @throws ConfigError naming each bad key */
export const config = (env: Readonly<Record<string, string | undefined>> = process.env): Config =>
  readConfig(
    z.object({
      ...hostConfig(DEFAULT_PORT).shape,
      ...databaseConfig.shape,
      ...kafkaConfig.shape,
      ...monitorConfig.shape,
    }),
    env,
  );
