import 'reflect-metadata';
import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { type HostConfig } from './config.js';
import { Health } from './health.js';
import { Connections } from './http/connections.js';
import { refuseUndeclaredInput } from './http/declared-input.js';
import { takeJsonOnly } from './http/json-body.js';
import { KnownRoutes } from './http/known-routes.js';
import { addOpsRoutes } from './http/ops-routes.js';
import { answerUnrouted, rawProblem } from './http/raw-problem.js';
import { PROBLEM_JSON, ProblemFilter, type ProblemOf } from './http/problem-filter.js';
import { refuseEarly } from './http/refuse-early.js';
import { traceRequests } from './http/trace-requests.js';
import { LOGGER, type Logger, nestLogger } from './logger.js';
import { TELEMETRY, type Telemetry } from './telemetry.js';

export interface HostSettings {
  /** The service's root module. `Health`, `LOGGER` and `TELEMETRY` can be injected anywhere below it. */
  module: Type | DynamicModule;
  config: Pick<HostConfig, 'HOST' | 'PORT'>;
  logger: Logger;
  telemetry: Telemetry;
  /** Largest body taken, in bytes. Default 1 MiB. */
  bodyLimit?: number;
  /** Turns the service's own errors into problems; all others are a 500 without details. */
  problemOf?: ProblemOf;
  /** Before listening: `app.connectMicroservice`, further content types, guards. */
  setup?: (app: NestFastifyApplication) => void | Promise<void>;
}

export interface Host {
  app: NestFastifyApplication;
  health: Health;
  /** Where it listens, with the real port. */
  url: string;
  /** Ready no more; finishes requests in hand and closes the application. */
  close(): Promise<void>;
}

const BODY_LIMIT = 1_048_576;
const REQUEST_TIMEOUT_MS = 60_000;
/** Of a path, in characters; ids are shorter. */
const LONGEST_PART = 100;

/** Nest over Fastify with health, metrics, traces and problem documents; listens, then starts the microservices. */
export async function createHost(settings: HostSettings): Promise<Host> {
  const { config, logger, telemetry } = settings;
  const health = new Health();
  const routes = new KnownRoutes();
  const adapter = new FastifyAdapter({
    bodyLimit: settings.bodyLimit ?? BODY_LIMIT,
    requestTimeout: REQUEST_TIMEOUT_MS,
    clientErrorHandler: rawProblem,
    // Node's own answer to a request without Host is empty; refuseEarly has one.
    http: { requireHostHeader: false },
    routerOptions: { maxParamLength: LONGEST_PART },
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) => {
      void reply.code(400).header('content-type', PROBLEM_JSON).send(malformedPath(error, request.url));
    },
  });
  const instance = adapter.getInstance<FastifyInstance>();
  routes.watch(instance);
  traceRequests(instance, telemetry.tracer, telemetry.meter);
  refuseEarly(instance, routes);
  const problems = new ProblemFilter(routes, logger, settings.problemOf);
  addOpsRoutes(instance, health, telemetry, problems);

  const app = await NestFactory.create<NestFastifyApplication>(hostModule(settings, health), adapter, {
    logger: nestLogger(logger),
    bodyParser: false,
    abortOnError: false,
  });
  takeJsonOnly(instance);
  refuseUndeclaredInput(app);
  app.useGlobalFilters(problems);
  answerUnrouted(app.getHttpServer());
  const connections = new Connections(app.getHttpServer());
  await settings.setup?.(app);
  await app.listen({ host: config.HOST, port: config.PORT });
  await app.startAllMicroservices();
  health.started();
  const url = await app.getUrl();
  logger.info({ url }, 'Listening');

  let closing: Promise<void> | undefined;
  return {
    app,
    health,
    url,
    close: () => {
      health.stopping();
      return (closing ??= closeServer(app, connections));
    },
  };
}

const PATH_SHOWN = 100;

/** Fastify's own words repeat the whole path, and do not say what is expected. */
function malformedPath({ code }: Error & { code?: string }, path: string): string {
  const shown = path.length > PATH_SHOWN ? `${path.slice(0, PATH_SHOWN)}… (${path.length} characters)` : path;
  const expected =
    code === 'FST_ERR_MAX_PARAM_LENGTH'
      ? `expected no part longer than ${LONGEST_PART} characters`
      : 'expected %XX with two hexadecimal digits, which are UTF-8, for each byte that is no plain character';
  return JSON.stringify({
    type: 'urn:consent:problem:malformed-request',
    title: 'The request cannot be read',
    status: 400,
    detail: `path: found ${shown}; ${expected}`,
  });
}

/** Makes the host's parts injectable everywhere. */
function hostModule({ module, logger, telemetry }: HostSettings, health: Health): DynamicModule {
  class HostModule {}
  Module({})(HostModule);
  return {
    module: HostModule,
    global: true,
    imports: [module],
    providers: [
      { provide: Health, useValue: health },
      { provide: LOGGER, useValue: logger },
      { provide: TELEMETRY, useValue: telemetry },
    ],
    exports: [Health, LOGGER, TELEMETRY],
  };
}

/** A kept-alive connection whose last answer went out just after the close began would hold the server for a minute. */
async function closeServer(app: NestFastifyApplication, connections: Connections): Promise<void> {
  const stopEnding = connections.endIdle();
  try {
    await app.close();
  } finally {
    stopEnding();
  }
}
