import { type LoggerService } from '@nestjs/common';
import { trace } from '@opentelemetry/api';
import { type DestinationStream, type Logger, pino } from 'pino';

export type { Logger } from 'pino';

/** Nest's injection token of the process's logger. */
export const LOGGER = Symbol('consent logger');

export interface LoggerSettings {
  service: string;
  build: string;
  level: string;
  /** Standard output when absent. */
  destination?: DestinationStream;
}

/** JSON lines with an ISO time, the service, and the trace id of the active span. Bodies and headers are never logged. */
export function createLogger({ service, build, level, destination }: LoggerSettings): Logger {
  const options = {
    level,
    base: { service, build },
    timestamp: pino.stdTimeFunctions.isoTime,
    formatters: { level: (label: string) => ({ level: label }) },
    mixin: () => {
      const span = trace.getActiveSpan()?.spanContext();
      return span ? { trace_id: span.traceId, span_id: span.spanId } : {};
    },
  };
  return destination ? pino(options, destination) : pino(options);
}

/** What Nest itself logs, through pino; its start-up chatter at debug. */
export function nestLogger(logger: Logger): LoggerService {
  const at =
    (level: 'debug' | 'warn' | 'error' | 'fatal') =>
    (message: unknown, ...rest: unknown[]): void => {
      const context = rest.at(-1);
      const details = typeof context === 'string' ? { context } : {};
      if (message instanceof Error) logger[level]({ ...details, err: message }, message.message);
      else logger[level](details, typeof message === 'string' ? message : JSON.stringify(message));
    };
  return {
    log: at('debug'),
    debug: at('debug'),
    verbose: at('debug'),
    warn: at('warn'),
    error: at('error'),
    fatal: at('fatal'),
  };
}
