import { type FastifyInstance, type RouteShorthandOptions } from 'fastify';
import { type Health, type HealthKind } from '../health.js';
import { type Telemetry } from '../telemetry.js';
import { type ProblemFilter } from './problem-filter.js';

const PATHS: Readonly<Record<string, HealthKind>> = { '/livez': 'live', '/readyz': 'ready', '/startupz': 'startup' };

/** /livez, /readyz, /startupz and /metrics: plain routes, so that they answer before the application is up. */
export function addOpsRoutes(
  instance: FastifyInstance,
  health: Health,
  telemetry: Telemetry,
  problems: ProblemFilter,
): void {
  const options: RouteShorthandOptions = { errorHandler: (...failure) => problems.answer(...failure) };
  for (const [path, kind] of Object.entries(PATHS))
    instance.get(path, options, async (_request, reply) => {
      const { ok, checks } = await health.report(kind);
      return reply
        .code(ok ? 200 : 503)
        .header('cache-control', 'no-store')
        .send({ status: ok ? 'ok' : 'failing', checks });
    });
  instance.get('/metrics', options, async (_request, reply) =>
    reply.header('content-type', 'text/plain; version=0.0.4; charset=utf-8').send(await telemetry.metricsText()),
  );
}
