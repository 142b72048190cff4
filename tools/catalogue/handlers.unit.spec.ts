import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { readCatalogue } from './read-catalogue.ts';

const root = path.join(import.meta.dirname, '../..');
const { purposes, systems } = readCatalogue(path.join(root, 'catalogue'));

describe.each([...systems.keys()])('%s', (system) => {
  it('has a rule for every purpose that concerns it, and for no other', () => {
    const text = readFileSync(path.join(root, 'apps', system, 'src/on-decision.ts'), 'utf8');
    const handled = [...text.matchAll(/case '([a-z0-9-]+)'/g)].map(([, id]) => id);
    const concerned = [...purposes.values()].filter((p) => p.systems.includes(system)).map((p) => p.id);
    expect([...handled].sort()).toEqual([...concerned].sort());
  });
});
