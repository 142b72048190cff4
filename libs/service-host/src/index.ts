export {
  ConfigError,
  databaseConfig,
  type HostConfig,
  hostConfig,
  integerKey,
  kafkaConfig,
  masked,
  orExit,
  readConfig,
  urlKey,
} from './config.js';
export { wholeNumber } from './whole-number.js';
export { migrateJob } from './migrate-job.js';
export { createLogger, LOGGER, type Logger, type LoggerSettings } from './logger.js';
export { linksTo } from './links-to.js';
export { startTelemetry, TELEMETRY, type Telemetry, type TelemetrySettings } from './telemetry.js';
export { type Finding, Health, type HealthKind, type HealthReport, type Probe } from './health.js';
export { createHost, type Host, type HostSettings } from './create-host.js';
export { runService, type ServiceContext, type ServiceSettings } from './run-service.js';
export { type InputError, type ProblemDocument, ProblemError, type ProblemExtra } from './http/problem-error.js';
export { type ProblemOf } from './http/problem-filter.js';
export { type Line, linesOf, NDJSON, writeLines } from './http/lines.js';
export { takeNdjson } from './http/take-ndjson.js';
export { parse, type Where, zodPipe } from './http/parse.js';
export { bytesOf } from './http/json-body.js';
export { readUtf8 } from './http/utf8.js';
