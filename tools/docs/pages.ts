import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import { domainPage } from './domain-page.ts';

export const DOCS = path.join(import.meta.dirname, '../../docs');
export const DOMAIN_PAGE = path.join(DOCS, 'domain.md');

/** The page as it stands in the tree. */
export const formatted = async (): Promise<string> =>
  format(domainPage(), { ...(await resolveConfig(DOMAIN_PAGE)), filepath: DOMAIN_PAGE });
