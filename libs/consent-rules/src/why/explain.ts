import { refusedNextTo } from '../another-role.js';
import { notedIn } from '../clock-notes.js';
import { announcedIn } from '../consent-period.js';
import { followsFromRule, isByRule } from '../evolve.js';
import { decidedIn, permissionOf } from '../permission.js';
import { judgeCategory } from '../permission-for-category.js';
import { reasonSentence } from '../reason-sentence.js';
import { factsFor, factsScope, othersOf, scopesFor, stateIn } from '../prerequisites.js';
import { consentClock } from '../rules/consent-clock.js';
import { contractClock } from '../rules/contract-clock.js';
import { type Rule, type Verdict } from '../rules/rule.js';
import { scopeValid } from '../rules/scope-valid.js';
import {
  type Catalogue,
  type LedgerEntry,
  type Localised,
  type Permission,
  type Purpose,
  type ReasonCode,
  type Scope,
  type SubjectFacts,
} from '../types.js';
import {
  type Explanation,
  type FactName,
  type FactUsed,
  type Question,
  type Standing,
  type Step,
} from './explanation.js';
import { factSentence } from './fact-sentence.js';
import { categoryStep } from './category-step.js';
import { gatePurposes } from './gate-purposes.js';
import { permissionAt } from './permission-at.js';
import { bundleSentence, decisionSentence, FACTS_MISSING, purposeSentence, ruleSentence } from './sentences.js';
import { FACT } from './words.js';
import { whatWouldChange } from './what-would-change.js';

/** Every fact and decision that led to the answer, in order, and what would have to happen for it to change. */
export function explain(question: Question): Explanation {
  const { permission, steps } = stepsOf(question, question.purpose, question.scope);
  const category =
    question.category === undefined || !permission.allowed ? [] : categorySteps(question, question.category);
  const answered = permissionAt(question);
  const sentence = reasonSentence(answered.reason, question.purpose);
  return { permission: answered, sentence, steps: [...steps, ...category], wouldChange: whatWouldChange(question) };
}

/** What was decided about the purposes that open the kind of data to this one, and what comes of it. */
function categorySteps(question: Question, category: string): Step[] {
  const { view, catalogue, purpose, scope } = question;
  const gates = gatePurposes(purpose, category, catalogue).flatMap((below) =>
    scopesFor(view, below, scope).flatMap((s) => stepsOf(question, below, s).steps),
  );
  return [
    ...gates,
    { purposeId: purpose.id, scope, kind: 'category', category, ...categoryStep(judgeCategory(question, category)) },
  ];
}

/** The answer for one purpose and scope with what led to it; the rules are heard while they judge. */
function stepsOf(
  question: Question,
  purpose: Purpose,
  { level, id }: Scope,
  /** The purposes whose steps these belong to: none tells of another in turn. */
  above: readonly string[] = [],
): { permission: Permission; steps: Step[] } {
  const { view, catalogue, at } = question;
  const scope: Scope = { level, id };
  const path = [...above, purpose.id];
  const place = { purposeId: purpose.id, scope };
  const facts = factsFor(view, scope);
  const heard: { rule: Rule; verdict: Exclude<Verdict, null>; facts: FactUsed[] }[] = [];
  const read = new Set<FactName>();
  const used = (): FactUsed[] =>
    facts === null ? [] : [...read].map((fact) => factUsed(question, scope, facts, fact));
  const permission = permissionOf(
    purpose,
    decidedIn(stateIn(view, purpose.id, id)),
    facts && noting(facts, read),
    at,
    othersOf(view, catalogue, scope, at),
    (rule, verdict) => {
      if (verdict !== null) heard.push({ rule, verdict, facts: used() });
      read.clear();
    },
  );
  const steps: Step[] = [
    { ...place, kind: 'purpose', section: purpose.section, sentence: purposeSentence(purpose) },
    ...decisionSteps(question, purpose, scope),
    ...endStep(question, purpose, scope),
  ];
  if (permission.reason === 'facts_missing') steps.push({ ...place, kind: 'facts-missing', sentence: FACTS_MISSING });
  const below = (): Step[] => stepsOfEach(question, purpose.dependsOn, scope, path);
  if (purpose.choiceModel === 'none') steps.push(...below());
  for (const { rule, verdict, facts: judgedBy } of heard) {
    if (rule.name === 'prerequisites-open') steps.push(...below());
    if (rule.name === 'refused-in-another-role')
      steps.push(...stepsOfEach(question, refusedNextTo(view, catalogue, scope, purpose.id), scope, path));
    steps.push({
      ...place,
      kind: 'rule',
      rule: rule.name,
      decisions: rule.decisions,
      outcome: verdict === 'passes' ? 'passes' : 'closes' in verdict ? 'closes' : 'limits',
      facts: judgedBy,
      sentence: ruleSentence(rule.name, verdict, facts),
    });
  }
  return { permission, steps };
}

/** The same facts, noting which of them are looked at: a rule judges by those it reads. */
const noting = (facts: SubjectFacts, read: Set<FactName>): SubjectFacts =>
  new Proxy(facts, {
    get: (target, name) => {
      if (isFactName(name)) read.add(name);
      return Reflect.get(target, name) as unknown;
    },
  });

const isFactName = (name: PropertyKey): name is FactName => Object.hasOwn(FACT, name);

function factUsed({ view, sourceOf }: Question, scope: Scope, facts: SubjectFacts, fact: FactName): FactUsed {
  const value = facts[fact] ?? null;
  const source = sourceOf?.(fact, factsScope(view, scope)) ?? null;
  return { fact, value, source, sentence: factSentence(fact, value, source) };
}

const stepsOfEach = (question: Question, ids: readonly string[], scope: Scope, path: readonly string[]): Step[] =>
  ids.flatMap((id) => {
    const below = question.catalogue.purposes.get(id);
    if (below === undefined || path.includes(id)) return [];
    return scopesFor(question.view, below, scope).flatMap((s) => stepsOf(question, below, s, path).steps);
  });

/** In the order of the ledger. A bundle that closed something here is told by its decision. */
function decisionSteps(question: Question, purpose: Purpose, scope: Scope): Step[] {
  const { ledger, bundles = [], catalogue } = question;
  const entries = ledger.filter((entry) => entry.purposeId === purpose.id && entry.scope.id === scope.id);
  const inForce = entries.findLast((entry) => entry.effective && !followsFromRule(entry));
  const standingOf = (entry: LedgerEntry): Standing => {
    if (notedIn(entry) !== null) return 'noted';
    if (followsFromRule(entry)) return 'consequence';
    if (!entry.effective) return 'evidence-only';
    return entry === inForce ? 'in-force' : 'overtaken';
  };
  const place = { purposeId: purpose.id, scope };
  const only = bundles.filter(
    ({ bundleId, purposes }) => purposes.includes(purpose.id) && !entries.some((entry) => entry.bundleId === bundleId),
  );
  const said = only.map((bundle): { after: number; step: Step } => {
    const sentence = bundleSentence(bundle, catalogue.bundles.get(bundle.kind));
    return { after: bundle.afterVersion, step: { ...place, kind: 'bundle', said: bundle, sentence } };
  });
  const decided = entries.map((entry): { after: number; step: Step } => {
    const standing = standingOf(entry);
    const below = standing === 'consequence' ? decidedBelow(entry, ledger, catalogue) : null;
    const sentence = decisionSentence(entry, standing, purpose, below);
    return { after: entry.version - 1, step: { ...place, kind: 'decision', entry, standing, sentence } };
  });
  // A bundle comes before the very next decision, which has the same number before it.
  const steps = [...said, ...decided];
  return steps.sort((a, b) => a.after - b.after).map(({ step }) => step);
}

/** Rules that end a consent for good, and what they say of one that has ended. */
const ENDING: readonly Rule[] = [scopeValid, consentClock, contractClock];
const ENDS: ReadonlySet<ReasonCode> = new Set<ReasonCode>([
  'scope_ended',
  'consent_lapsed',
  'contract_ended',
  'period_after_contract_over',
  'no_contract',
  'contract_end_unknown',
]);

/** What ended a consent that ended by itself, with the facts: its rule is not asked again, for nothing is open. */
function endStep(question: Question, purpose: Purpose, scope: Scope): Step[] {
  const { ledger, view, catalogue, at } = question;
  const [given, ended] = ledger
    .filter((entry) => entry.purposeId === purpose.id && entry.scope.id === scope.id)
    .filter((entry) => entry.effective && !followsFromRule(entry))
    .slice(-2);
  const facts = factsFor(view, scope);
  if (ended?.status !== 'expired' || !isByRule(ended.cause) || given?.status !== 'given' || facts === null) return [];
  const decided = { status: given.status, decidedAt: given.decidedAt, announcedPeriod: announcedIn(given) };
  for (const rule of ENDING) {
    const read = new Set<FactName>();
    const others = othersOf(view, catalogue, scope, at);
    const verdict = rule.judge({ purpose, decided, facts: noting(facts, read), now: at, ...others });
    if (verdict === null || verdict === 'passes' || !('closes' in verdict) || !ENDS.has(verdict.closes)) continue;
    const used = [...read].map((fact) => factUsed(question, scope, facts, fact));
    const { name, decisions } = rule;
    const sentence = ruleSentence(name, verdict, facts);
    const place = { purposeId: purpose.id, scope };
    return [{ ...place, kind: 'rule', rule: name, decisions, outcome: 'closes', facts: used, sentence }];
  }
  return [];
}

/** The title of a purpose about which was decided, and with which the entry moved. */
function decidedBelow(
  entry: LedgerEntry,
  ledger: Question['ledger'],
  { dependants, purposes }: Catalogue,
): Localised | null {
  const standOn = (id: string): boolean => dependants.get(id)?.some((above) => above.id === entry.purposeId) ?? false;
  const moved = ledger.findLast(
    ({ cause, effective, receivedAt, version, purposeId }) =>
      entry.cause === 'facts' &&
      effective &&
      !isByRule(cause) &&
      receivedAt === entry.receivedAt &&
      version < entry.version &&
      standOn(purposeId),
  );
  return (moved && purposes.get(moved.purposeId)?.title) ?? null;
}
