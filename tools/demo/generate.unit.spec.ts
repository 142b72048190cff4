import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import {
  decide,
  type DecideCommand,
  evolve,
  factsFor,
  type LedgerEntry,
  othersOf,
  stateIn,
  type SubjectView,
} from '@consent/consent-rules';
import { readCatalogue } from '../catalogue/read-catalogue.ts';
import { FILES } from './files.ts';
import { generate } from './generate.ts';
import { type DecisionLine } from './history.ts';
import { type Person } from './person.ts';
import { readScenario } from './play.ts';

const root = path.join(import.meta.dirname, '../..');
const catalogue = readCatalogue(path.join(root, 'catalogue'));
const SUBJECTS = 1_500;
const dirs: string[] = [];

async function files(seed: number): Promise<Record<keyof typeof FILES, string>> {
  const dir = mkdtempSync(path.join(tmpdir(), 'traffic-'));
  dirs.push(dir);
  await generate({ seed, subjects: SUBJECTS, dir });
  const read = (name: keyof typeof FILES) => readFileSync(path.join(dir, FILES[name]), 'utf8');
  return {
    facts: read('facts'),
    decisions: read('decisions'),
    bundles: read('bundles'),
    secondThoughts: read('secondThoughts'),
  };
}
const lines = <T>(text: string): T[] =>
  text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as T);

let written: Awaited<ReturnType<typeof files>>;
let people: Person[];
let decisions: DecisionLine[];
beforeAll(async () => {
  written = await files(7);
  people = lines(written.facts);
  decisions = lines(written.decisions);
});
afterAll(() => dirs.forEach((dir) => rmSync(dir, { recursive: true })));

/** Decides lines in their order, as the service would. */
function record(some: readonly DecisionLine[]): { entries: LedgerEntry[]; refusals: string[] } {
  const views = new Map<string, SubjectView>(
    people.map((p) => [
      p.subjectId,
      {
        subjectId: p.subjectId,
        facts: {
          ...p,
          contractStart: p.contractStart === null ? null : Date.parse(p.contractStart),
          contractEnd: p.contractEnd === null ? null : Date.parse(p.contractEnd),
        },
        scopes: p.scopes,
        states: [],
      },
    ]),
  );
  const entries: LedgerEntry[] = [];
  const refusals: string[] = [];
  const now = Date.UTC(2026, 10, 24);
  for (const line of some) {
    const view = views.get(line.subjectId);
    const purpose = catalogue.purposes.get(line.purposeId);
    if (!view || !purpose) throw new Error(`Unknown subject or purpose in ${JSON.stringify(line)}`);
    const command: DecideCommand = {
      subjectId: line.subjectId,
      scope: line.scope,
      purposeId: line.purposeId,
      status: line.status,
      cause: 'person',
      decidedAt: Date.parse(line.decidedAt),
      bundleId: null,
      notice: line.notice ?? null,
      evidence: { channel: line.channel, actor: 'self', caller: 'spec', origin: null },
      brand: null,
      attributes: line.attributes ?? {},
    };
    const current = stateIn(view, purpose.id, line.scope.id);
    const result = decide(command, current, purpose, factsFor(view, line.scope), {
      now,
      version: entries.length + 1,
      decisionId: 'd',
      catalogueVersion: catalogue.version,
      notices: catalogue.notices,
      systems: catalogue.systems,
      ...othersOf(view, catalogue, line.scope, now),
      bundleClosedAt: null,
    });
    if (result.kind === 'refused') {
      refusals.push(result.message);
      continue;
    }
    entries.push(result.entry);
    const held = { scope: line.scope, purposeId: purpose.id, state: evolve(current, result.entry) };
    const others = view.states.filter((s) => s.purposeId !== purpose.id || s.scope.id !== line.scope.id);
    views.set(line.subjectId, { ...view, states: [...others, held] });
  }
  return { entries, refusals };
}

describe('the demonstration traffic', () => {
  it('is the same for a seed, to the byte, and another for another seed', async () => {
    expect(await files(7)).toEqual(written);
    expect((await files(8)).facts).not.toBe(written.facts);
  });

  it('holds nothing that the rules refuse', () => {
    expect(record(decisions).refusals).toEqual([]);
  });

  it('opens and closes, and shows old evidence that opens nothing', () => {
    const { entries } = record(decisions);
    const share = (of: (e: LedgerEntry) => boolean) => entries.filter(of).length / entries.length;
    expect(share((e) => e.direction === 'opening')).toBeGreaterThan(0.2);
    expect(share((e) => e.direction === 'closing')).toBeGreaterThan(0.3);
    expect(entries.some((e) => !e.effective && e.permission.reason === 'evidence_older_than_closing')).toBe(true);
    expect(entries.some((e) => e.permission.reason === 'brand_excluded')).toBe(true);
  });

  it('concerns every system', () => {
    const concerned = new Set(record(decisions).entries.flatMap((e) => e.systems.map((s) => s.systemId)));
    expect(concerned).toEqual(new Set(catalogue.systems.keys()));
  });

  it('has people of both brands, every role and every kind of scope, and no scope of two people', () => {
    expect(new Set(people.map((p) => p.brand))).toEqual(new Set(['proximus', 'scarlet', null]));
    expect(new Set(people.flatMap((p) => p.roles))).toEqual(new Set(['customer', 'ex-customer', 'prospect']));
    const scopes = people.flatMap((p) => p.scopes);
    expect(new Set(scopes.map((s) => s.level))).toEqual(new Set(['account', 'line', 'device', 'contact_point']));
    expect(new Set(scopes.map((s) => s.id)).size).toBe(scopes.length);
  });

  it('decides only about scopes the person has', () => {
    const owned = new Map(people.map((p) => [p.subjectId, new Set([p.subjectId, ...p.scopes.map((s) => s.id)])]));
    expect(decisions.filter((d) => owned.get(d.subjectId)?.has(d.scope.id) !== true)).toEqual([]);
  });

  it('has bundles the catalogue knows, and a yes that follows a bundle later', () => {
    const bundles = lines<{ kind: string; subjectId: string; decidedAt: string }>(written.bundles);
    expect(bundles.length).toBeGreaterThan(SUBJECTS / 50);
    expect(bundles.filter((b) => !catalogue.bundles.has(b.kind))).toEqual([]);
    const again = lines<DecisionLine>(written.secondThoughts);
    expect(again.length).toBeGreaterThan(0);
    for (const line of again) {
      const bundle = bundles.find((b) => b.subjectId === line.subjectId);
      expect(Date.parse(line.decidedAt)).toBeGreaterThan(Date.parse(bundle?.decidedAt ?? '9999'));
    }
  });
});

describe('the flagship scenario', () => {
  it('is written in requests about purposes and scope levels of the catalogue', () => {
    const steps = readScenario(path.join(root, 'tools/demo/scenarios/flagship.ndjson'));
    const made = steps.filter((s) => s.path === '/v1/decisions').map((s) => s.body as DecisionLine);
    expect(made.map((d) => d.status)).toEqual(['given', 'given', 'given', 'withdrawn', 'given']);
    for (const d of made) expect(catalogue.purposes.get(d.purposeId)?.scopeLevel).toBe(d.scope.level);
  });
});

describe('the bench catalogue', () => {
  const bench = readCatalogue(path.join(root, 'tools/bench/catalogue'));
  const standIns = JSON.parse(readFileSync(path.join(root, 'tools/bench/stand-ins.json'), 'utf8')) as Record<
    string,
    Record<string, string>
  >;
  it('has twenty purposes that concern all five systems', () => {
    expect([...bench.purposes.values()].map((p) => p.systems.length)).toEqual(Array(20).fill(5));
  });
  it('has a stand-in for each of them in each system, which that system acts on', () => {
    for (const system of bench.systems.keys()) {
      const entries = Object.entries(standIns[system] ?? {});
      expect(entries.map(([id]) => id)).toEqual([...bench.purposes.keys()]);
      expect(entries.filter(([, id]) => catalogue.purposes.get(id)?.systems.includes(system) !== true)).toEqual([]);
    }
  });
});
