import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';

const root = path.resolve(import.meta.dirname, '../..');
/** A constant that names a metric with its unit, or an instrument created by a name in place. */
const DECLARED = [
  /\bname: '([^']+)',\s*unit:/g,
  /\bcreate(?:Counter|UpDownCounter|Histogram|Gauge|Observable\w+)\(\s*'([^']+)'/g,
];
const ROW = /^\| `([a-z0-9_]+)` +\| (?:gauge|counter|histogram) /gm;

const COUNTER_ROW = /^\| `([a-z0-9_]+)` +\| counter /gm;

const namesIn = (text: string, pattern: RegExp): string[] => [...text.matchAll(pattern)].map(([, name]) => name ?? '');

describe('docs/metrics.md', () => {
  const text = readFileSync(path.join(root, 'docs/metrics.md'), 'utf8');
  const page = namesIn(text, ROW);
  const counters = namesIn(text, COUNTER_ROW);
  const code = globSync('{apps,libs}/*/src/**/*.ts', { cwd: root })
    .filter((file) => !file.endsWith('.spec.ts'))
    .flatMap((file) => {
      const source = readFileSync(path.join(root, file), 'utf8');
      return DECLARED.flatMap((pattern) => namesIn(source, pattern));
    });

  it('has a row for every metric that the code registers, and for no other', () => {
    expect(code.length).toBeGreaterThan(30);
    expect(page.toSorted()).toEqual(code.toSorted());
  });

  it('names them as Prometheus shows them', () => {
    expect(code.filter((name) => !/^[a-z][a-z0-9_]*$/.test(name))).toEqual([]);
    expect(counters).toEqual(page.filter((name) => name.endsWith('_total')));
  });
});
