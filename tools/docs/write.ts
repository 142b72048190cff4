// Writes the pages that are made of code: npm run docs
import { writeFileSync } from 'node:fs';
import { DOMAIN_PAGE, formatted } from './pages.ts';

writeFileSync(DOMAIN_PAGE, await formatted());
