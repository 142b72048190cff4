import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { RULES } from '@consent/consent-rules';
import { readCatalogue } from '../catalogue/read-catalogue.ts';
import { domainPage } from './domain-page.ts';
import { DOCS, DOMAIN_PAGE } from './pages.ts';

const ROOT = path.join(DOCS, '..');
const RULES_SRC = path.join(ROOT, 'libs/consent-rules/src');
const read = (file: string): string => readFileSync(file, 'utf8');
/** Formatting pads tables and nothing else. */
const unpadded = (text: string): string => text.replaceAll(/ +\|/g, ' |').replaceAll(/-{3,}/g, '---');

const decisions = read(path.join(DOCS, 'decisions.md'));
const links = [...decisions.matchAll(/\[([^\]]+)\]\(([^)]+)\)/g)].map(([, text = '', target = '']) => ({
  text,
  target,
}));
/** Numbers that the statement's decisions have; none is left out. */
const STATEMENT = Array.from({ length: 89 }, (_, at) => `C${String(at + 1).padStart(2, '0')}`);
/** Of those that decide what is allowed. */
const rows = new Set([...(decisions.split('\n## ')[0] ?? '').matchAll(/^\| (C\d+) /gm)].map(([, number]) => number));

describe('docs/domain.md', () => {
  it('says what the tables of the code say: run `npm run docs`', () => {
    expect(unpadded(read(DOMAIN_PAGE))).toBe(unpadded(domainPage()));
  });
});

describe('docs/decisions.md', () => {
  it('links to files that exist', () => {
    expect(links.length).toBeGreaterThan(80);
    expect(links.filter(({ target }) => !existsSync(path.join(DOCS, target)))).toEqual([]);
  });

  it('names tests that exist, by their titles', () => {
    const tests = links.filter(({ target }) => target.endsWith('.spec.ts'));
    expect(tests.length).toBe(rows.size);
    expect(tests.filter(({ text, target }) => !read(path.join(DOCS, target)).includes(text))).toEqual([]);
  });

  it('speaks of every decision on the statement: as one that decides what is allowed, or as one that does not', () => {
    const spokenOf = [...decisions.matchAll(/^\| (C\d+(?:, C\d+)*) +\|/gm)].flatMap(([, cell = '']) =>
      cell.split(', '),
    );
    expect(spokenOf.toSorted()).toEqual(STATEMENT);
  });

  it('names the rule of each decision that a rule carries out', () => {
    for (const { name, decisions: numbers } of RULES)
      for (const number of numbers) expect([name, rows.has(number)]).toEqual([name, true]);
  });

  it('has a row for each decision that the rules or the catalogue name', () => {
    const { purposes, bundles } = readCatalogue(path.join(ROOT, 'catalogue'));
    const ofPurposes = [...purposes.values()].flatMap((p) => [...p.categoryGates, ...p.clocks].map((c) => c.decision));
    const ofBundles = [...bundles.values()].flatMap((b) => b.decisions);
    const files = readdirSync(RULES_SRC, { recursive: true, encoding: 'utf8' }).filter((file) =>
      /(?<!spec)\.ts$/.test(file),
    );
    const ofRules = files.flatMap((file) => read(path.join(RULES_SRC, file)).match(/\bC\d\d\b/g) ?? []);
    expect([...new Set([...ofPurposes, ...ofBundles, ...ofRules])].filter((number) => !rows.has(number))).toEqual([]);
  });
});
