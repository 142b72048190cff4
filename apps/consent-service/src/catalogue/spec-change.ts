import { fileURLToPath } from 'node:url';
import { type CatalogueFile } from '@consent/consent-rules';
import { until } from '@consent/testing';
import { type SpecApp } from '../spec-app.js';
import { catalogueFiles } from './catalogue-files.js';
import { type CatalogueChange } from './read-change.js';

/** The catalogue of this repository. */
export const FILES = catalogueFiles(fileURLToPath(new URL('../../../../catalogue/', import.meta.url)));

/** The catalogue with one purpose written otherwise. */
export function edited(purposeId: string, from: RegExp, to: string): CatalogueFile[] {
  return FILES.map(({ name, text }) => {
    const start = text.indexOf(`- id: ${purposeId}\n`);
    if (start < 0) return { name, text };
    const next = text.indexOf('\n- id: ', start + 1);
    const entry = text.slice(start, next < 0 ? undefined : next);
    if (!from.test(entry)) throw new Error(`${purposeId} has no ${from.source}`);
    return { name, text: text.slice(0, start) + entry.replace(from, to) + (next < 0 ? '' : text.slice(next)) };
  });
}

/** The catalogue without a purpose, and without what names it. */
export const without = (purposeId: string): CatalogueFile[] =>
  edited(purposeId, /[^]+/, '').map(({ name, text }) => ({
    name,
    text: text.replace(
      new RegExp(
        ` +- ${purposeId}\\n|  \\w+: \\[${purposeId}\\]\\n|,\\s+${purposeId}(?=[,\\]])|(?<=\\[\\s*)${purposeId},`,
        'g',
      ),
      '',
    ),
  }));

/** Waits until a change is in one of the states. */
export const changeIn = (app: SpecApp, changeId: string, states: readonly string[]): Promise<CatalogueChange> =>
  until(`the change is ${states.join(' or ')}`, async () => {
    const { body } = await app.call<CatalogueChange>('GET', `/v1/catalogue/changes/${changeId}`);
    return states.includes(body.state) ? body : null;
  });
