import { type DynamicModule, type Type } from '@nestjs/common';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type HostConfig } from './config.js';
import { createHost, type Host } from './create-host.js';
import { type ProblemOf } from './http/problem-filter.js';
import { createLogger, type Logger } from './logger.js';
import { startTelemetry, type Telemetry } from './telemetry.js';

/** What exists before the module is made. */
export interface ServiceContext {
  logger: Logger;
  telemetry: Telemetry;
}

export interface ServiceSettings {
  name: string;
  config: HostConfig;
  /** The root module, or how to make it once there are a logger and metrics. */
  module: Type | DynamicModule | ((context: ServiceContext) => DynamicModule | Promise<DynamicModule>);
  bodyLimit?: number;
  problemOf?: ProblemOf;
  setup?: (app: NestFastifyApplication) => void | Promise<void>;
  /** How long a shutdown may take before the process exits with 1. Default 25 s. */
  shutdownLimitMs?: number;
}

const SHUTDOWN_LIMIT_MS = 25_000;

/**
 * Runs a service until it is told to stop. SIGTERM or SIGINT: not ready any more, what is in hand is finished, exit 0; a
 * second signal, or a shutdown that takes too long: exit 1. A failed start, an unhandled rejection, an uncaught
 * exception: logged, exit 1. Requests end before microservices do; what need not wait for them begins to end in
 * `beforeApplicationShutdown`; close databases in `onApplicationShutdown`, which runs after both.
 */
export async function runService(settings: ServiceSettings): Promise<Host> {
  const { name, config } = settings;
  const logger = createLogger({ service: name, build: config.SERVICE_BUILD, level: config.LOG_LEVEL });
  const fail = (message: string) => (error: unknown) => {
    logger.fatal({ err: error }, message);
    process.exit(1);
  };
  process.on('uncaughtException', fail('Uncaught exception'));
  process.on('unhandledRejection', fail('Unhandled rejection'));

  let host: Host | undefined;
  let stopping = false;
  const stop = (signal: NodeJS.Signals): void => {
    if (stopping) fail('Second signal: exiting at once')(new Error(signal));
    stopping = true;
    logger.info({ signal }, 'Shutting down');
    setTimeout(
      () => fail('The shutdown took too long')(new Error(signal)),
      settings.shutdownLimitMs ?? SHUTDOWN_LIMIT_MS,
    );
    // Before the start is through there is nothing in hand.
    if (!host) process.exit(0);
    host
      .close()
      .then(() => telemetry.shutdown())
      .then(() => {
        logger.info('Shut down');
        process.exit(0);
      }, fail('The shutdown failed'));
  };
  process.on('SIGTERM', stop);
  process.on('SIGINT', stop);

  const telemetry = await startTelemetry({
    service: name,
    build: config.SERVICE_BUILD,
    otlpEndpoint: config.OTEL_EXPORTER_OTLP_ENDPOINT,
  });
  try {
    const module =
      typeof settings.module === 'function' && !isClass(settings.module)
        ? await settings.module({ logger, telemetry })
        : settings.module;
    host = await createHost({ ...settings, module, logger, telemetry });
    return host;
  } catch (error) {
    return fail('The service did not start')(error);
  }
}

type ModuleMaker = Extract<ServiceSettings['module'], (context: ServiceContext) => unknown>;

/** A class cannot be called, a maker can. */
const isClass = (module: Type | ModuleMaker): module is Type =>
  Function.prototype.toString.call(module).startsWith('class');
