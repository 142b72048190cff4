// What deciding costs in process: node tools/bench/rules.ts
import path from 'node:path';
import {
  decide,
  evolve,
  permission,
  othersOf,
  stateIn,
  type DecideCommand,
  type Purpose,
  type Scope,
  type SubjectFacts,
  type SubjectView,
  type TripleState,
} from '@consent/consent-rules';
import { readCatalogue } from '../catalogue/read-catalogue.ts';

const catalogue = readCatalogue(path.join(import.meta.dirname, '../../catalogue'));
const subjectId = '11111111-1111-4111-8111-111111111111';
const facts: SubjectFacts = { brand: 'proximus', roles: ['customer'], minor: false, contractStart: 0 };
const now = Date.UTC(2026, 10, 24);
const scopeOf = (p: Purpose): Scope => ({
  level: p.scopeLevel ?? 'person',
  id: p.scopeLevel === 'person' ? subjectId : `scope-${p.scopeLevel}`,
});
const withChoice = [...catalogue.purposes.values()].filter(
  (p) => p.choiceModel === 'opt-in' || p.choiceModel === 'opt-out',
);

const command = (p: Purpose, decidedAt: number, closing: boolean): DecideCommand => ({
  subjectId,
  scope: scopeOf(p),
  purposeId: p.id,
  status: p.choiceModel === 'opt-in' ? (closing ? 'withdrawn' : 'given') : closing ? 'objected' : 'objection_lifted',
  cause: 'person',
  decidedAt,
  bundleId: null,
  notice: null,
  evidence: { channel: 'myproximus-web', actor: 'self', caller: 'bench', origin: null },
  brand: null,
  attributes: { announcedPeriod: 'P6M' },
});

function decideMany(rounds: number): number {
  let decided = 0;
  for (const purpose of withChoice) {
    let state: TripleState | null = null;
    for (let i = 0; i < rounds; i++) {
      const context = {
        now,
        version: i + 1,
        decisionId: 'd',
        catalogueVersion: catalogue.version,
        systems: catalogue.systems,
        notices: catalogue.notices,
        bundleClosedAt: null,
        prerequisites: () => ({ allowed: true, nextChangeAt: null }),
        noUnderAnotherRole: () => null,
      };
      const result = decide(command(purpose, now - rounds + i, i % 2 === 0), state, purpose, facts, context);
      if (result.kind === 'refused') throw new Error(result.message);
      state = evolve(state, result.entry);
      decided++;
    }
  }
  return decided;
}

/** A subject with a history of 200 decisions, folded as the ledger's reader would. */
function subjectOf(decisions: number): SubjectView {
  const states = new Map<string, TripleState>();
  for (let i = 0; i < decisions; i++) {
    const purpose = withChoice[i % withChoice.length] as Purpose;
    const state = states.get(purpose.id) ?? null;
    const result = decide(command(purpose, now - decisions + i, i < withChoice.length), state, purpose, facts, {
      ...{ now, version: i + 1, decisionId: 'd', catalogueVersion: catalogue.version, systems: catalogue.systems },
      notices: catalogue.notices,
      bundleClosedAt: null,
      prerequisites: () => ({ allowed: true, nextChangeAt: null }),
      noUnderAnotherRole: () => null,
    });
    if (result.kind === 'decided') states.set(purpose.id, evolve(state, result.entry));
  }
  const held = [...states].map(([purposeId, state]) => ({
    ...{ purposeId, state },
    scope: scopeOf(catalogue.purposes.get(purposeId) as Purpose),
  }));
  return { subjectId, facts, scopes: [], states: held };
}
const view = subjectOf(200);
const fifty = [...catalogue.purposes.values()].filter((p) => p.scopeLevel !== null).slice(-50);

function mayI(): void {
  for (const p of fifty) {
    const scope = scopeOf(p);
    permission(p, stateIn(view, p.id, scope.id), facts, now, othersOf(view, catalogue, scope, now));
  }
}

decideMany(2_000);
for (let i = 0; i < 2_000; i++) mayI();
const cpu = process.cpuUsage();
const decided = decideMany(5_000);
const decideCpu = process.cpuUsage(cpu);
const asked = 5_000;
const before = process.cpuUsage();
for (let i = 0; i < asked; i++) mayI();
const askCpu = process.cpuUsage(before);
const perDecision = (decideCpu.user + decideCpu.system) / decided;
const perQuestion = (askCpu.user + askCpu.system) / asked;
console.log(
  `decide + evolve: ${perDecision.toFixed(2)} µs of CPU each, over ${decided} decisions of ${withChoice.length} purposes`,
);
console.log(
  `may I, 50 purposes of one subject: ${(perQuestion / 1_000).toFixed(3)} ms of CPU, over ${asked} questions`,
);
