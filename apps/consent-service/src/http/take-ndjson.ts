import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ProblemError } from '@consent/service-host';
import { NDJSON } from './lines.js';

const DOORS = new Set(['/v1/decisions/batch', '/v1/facts/batch']);

/** Takes NDJSON at the doors for many, as bytes; elsewhere it stays an unsupported media type. */
export function takeNdjson(app: NestFastifyApplication): void {
  app
    .getHttpAdapter()
    .getInstance()
    .addContentTypeParser<Buffer>(NDJSON, { parseAs: 'buffer' }, (request, body, done) => {
      if (DOORS.has(request.routeOptions.url ?? '')) done(null, body);
      else
        done(
          new ProblemError(
            415,
            'unsupported-media-type',
            'The media type is not supported',
            `Found content-type ${NDJSON}; expected application/json here`,
          ),
        );
    });
}
