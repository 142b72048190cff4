import { writeFileSync } from 'node:fs';
import { openApiDocument } from './document.js';

/** Writes openapi.json beside package.json: `npm run openapi -w @consent/consent-service`. */
writeFileSync(new URL('../../openapi.json', import.meta.url), `${JSON.stringify(openApiDocument(), null, 2)}\n`);
