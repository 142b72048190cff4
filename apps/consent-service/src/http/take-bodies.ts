import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ProblemError } from '@consent/service-host';
import { NDJSON } from './lines.js';

/** Where many lines are taken. */
const DOORS_FOR_MANY = new Set(['/v1/decisions/batch', '/v1/facts/batch']);

/** Takes NDJSON at the doors for many, as bytes; elsewhere it stays an unsupported media type. */
export function takeBodies(app: NestFastifyApplication): void {
  const instance = app.getHttpAdapter().getInstance();
  instance.addContentTypeParser<Buffer>(NDJSON, { parseAs: 'buffer' }, (request, body, done) => {
    done(DOORS_FOR_MANY.has(request.routeOptions.url ?? '') ? null : onlyJson(), body);
  });
}

const onlyJson = (): ProblemError =>
  new ProblemError(
    415,
    'unsupported-media-type',
    'The media type is not supported',
    `Found content-type ${NDJSON}; expected application/json here`,
  );
