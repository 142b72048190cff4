// Invented people and their decisions as NDJSON files. By hand: node tools/demo/generate.ts --dir <folder>
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { readCatalogue } from '../catalogue/read-catalogue.ts';
import { chance } from './chance.ts';
import { FILES } from './files.ts';
import { type DecisionLine, history } from './history.ts';
import { DAY, iso, person, UNTIL } from './person.ts';

export interface GenerateOptions {
  /** The same seed gives the same files. */
  seed: number;
  /** How many people. */
  subjects: number;
  dir: string;
  /** Default: the repository's own. */
  catalogueDir?: string;
}

/** Lines in each file. */
export interface Generated {
  facts: number;
  decisions: number;
  bundles: number;
  secondThoughts: number;
}

const CATALOGUE = path.join(import.meta.dirname, '../../catalogue');
const BUNDLES = [
  [5, 'object-marketing'],
  [3, 'withdraw-all'],
  [1, 'myproximus-marketing-offers'],
  [1, 'tv-menu-no-promotion'],
  [3, 'email-unsubscribe'],
] as const;

/**
 * Writes facts, decisions, bundles and second thoughts after a bundle, in the order in which they are to be entered.
 * Decisions stand in the order of time, those of many people mixed, those of one in order.
 */
export async function generate({ seed, subjects, dir, catalogueDir = CATALOGUE }: GenerateOptions): Promise<Generated> {
  const catalogue = readCatalogue(catalogueDir);
  const c = chance(seed);
  const facts: object[] = [];
  const decisions: { at: number; line: DecisionLine }[] = [];
  const bundles: object[] = [];
  const secondThoughts: DecisionLine[] = [];
  for (let i = 0; i < subjects; i++) {
    const p = person(c);
    facts.push(p);
    const lines = history(c, p, catalogue);
    let latest = 0;
    for (const line of lines) {
      latest = Math.max(latest, Date.parse(line.decidedAt));
      decisions.push({ at: latest, line });
    }
    if (!c.happens(0.05)) continue;
    const kind = c.weighted(BUNDLES);
    const bundle = catalogue.bundles.get(kind);
    if (bundle === undefined) continue;
    const address = p.scopes.find((scope) => scope.kind === 'email');
    if (bundle.inOneScopeAt !== undefined && address === undefined) continue;
    const about = bundle.inOneScopeAt && address && { level: address.level, id: address.id };
    const at = UNTIL + c.below(DAY);
    const channel = about ? 'email-unsubscribe' : 'myproximus-web';
    bundles.push({ subjectId: p.subjectId, kind, scope: about, decidedAt: iso(at), channel });
    const again = c.happens(0.4) ? lines.find((line) => line.status === 'given') : undefined;
    if (again) secondThoughts.push({ ...again, decidedAt: iso(at + DAY + c.below(DAY)) });
  }
  decisions.sort((a, b) => a.at - b.at);
  mkdirSync(dir, { recursive: true });
  write(dir, FILES.facts, facts);
  write(
    dir,
    FILES.decisions,
    decisions.map(({ line }) => line),
  );
  write(dir, FILES.bundles, bundles);
  write(dir, FILES.secondThoughts, secondThoughts);
  return {
    facts: facts.length,
    decisions: decisions.length,
    bundles: bundles.length,
    secondThoughts: secondThoughts.length,
  };
}

const write = (dir: string, name: string, lines: readonly object[]): void =>
  writeFileSync(path.join(dir, name), lines.map((line) => `${JSON.stringify(line)}\n`).join(''));

if (import.meta.main) {
  const { values } = parseArgs({
    options: {
      seed: { type: 'string', default: '1' },
      subjects: { type: 'string', default: '10000' },
      dir: { type: 'string', default: 'traffic' },
      catalogue: { type: 'string', default: CATALOGUE },
    },
  });
  const { seed, subjects, dir, catalogue } = values;
  console.log(
    dir,
    await generate({
      seed: wholeNumber('seed', seed),
      subjects: wholeNumber('subjects', subjects),
      dir,
      catalogueDir: catalogue,
    }),
  );
}

function wholeNumber(name: string, text: string): number {
  if (/^\d{1,9}$/.test(text)) return Number(text);
  console.error(`--${name}: found ${text}, expected a whole number`);
  process.exit(2);
}
