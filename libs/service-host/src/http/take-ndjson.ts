import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { NDJSON } from './lines.js';
import { ProblemError } from './problem-error.js';

/**
 * `setup` of a host: takes NDJSON, as bytes for `linesOf`, at the doors for many; elsewhere it stays an unsupported media type.
 * @param doors routes, such as `/v1/decisions/batch`
 */
export function takeNdjson(...doors: readonly string[]): (app: NestFastifyApplication) => void {
  return (app) => {
    const instance = app.getHttpAdapter().getInstance();
    instance.addContentTypeParser<Buffer>(NDJSON, { parseAs: 'buffer' }, (request, body, done) => {
      done(doors.includes(request.routeOptions.url ?? '') ? null : onlyJson(), body);
    });
  };
}

const onlyJson = (): ProblemError =>
  new ProblemError(
    415,
    'unsupported-media-type',
    'The media type is not supported',
    `Found content-type ${NDJSON}; expected application/json here`,
  );
