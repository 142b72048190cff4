import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = path.resolve(import.meta.dirname, '../..');
const KEY = /^\s+(HOST|PORT|[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+): ?(?:z|integerKey|urlKey|[a-z]+Key)?\b/gm;

describe('the configuration table of the README', () => {
  it('names every key that a service reads', () => {
    const readme = readFileSync(path.join(root, 'README.md'), 'utf8');
    const sources = globSync('{apps,libs}/*/src/**/*.ts', { cwd: root }).filter(
      (file) => /config/.test(path.basename(file)) && !file.endsWith('.spec.ts'),
    );
    const keys = new Set(
      sources.flatMap((file) =>
        [...readFileSync(path.join(root, file), 'utf8').matchAll(KEY)].map(([, key]) => key ?? ''),
      ),
    );
    expect(keys.size).toBeGreaterThan(20);
    expect([...keys].filter((key) => !readme.includes(`\`${key}\``))).toEqual([]);
  });
});
