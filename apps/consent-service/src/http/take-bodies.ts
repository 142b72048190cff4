import { takeNdjson } from '@consent/service-host';

/** NDJSON where many lines are taken. */
export const takeBodies = takeNdjson('/v1/decisions/batch', '/v1/facts/batch');
