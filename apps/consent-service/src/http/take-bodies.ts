import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { ProblemError } from '@consent/service-host';
import { NDJSON } from './lines.js';
import { isTooDeep, tooDeep } from './too-deep.js';

/** Where many lines are taken; each line is looked at by itself there. */
const DOORS_FOR_MANY = new Set(['/v1/decisions/batch', '/v1/facts/batch']);

/** Takes NDJSON at the doors for many, as bytes; elsewhere it stays an unsupported media type. Refuses bottomless JSON. */
export function takeBodies(app: NestFastifyApplication): void {
  const instance = app.getHttpAdapter().getInstance();
  instance.addContentTypeParser<Buffer>(NDJSON, { parseAs: 'buffer' }, (request, body, done) => {
    done(DOORS_FOR_MANY.has(request.routeOptions.url ?? '') ? null : onlyJson(), body);
  });
  instance.addHook('preValidation', (request, _reply, done) => {
    const single = !DOORS_FOR_MANY.has(request.routeOptions.url ?? '');
    if (single && isTooDeep(request.body)) done(tooDeep());
    else done();
  });
}

const onlyJson = (): ProblemError =>
  new ProblemError(
    415,
    'unsupported-media-type',
    'The media type is not supported',
    `Found content-type ${NDJSON}; expected application/json here`,
  );
