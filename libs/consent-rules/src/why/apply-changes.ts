import { decide } from '../decide.js';
import { evolve } from '../evolve.js';
import { factsFor, othersOf, stateIn } from '../prerequisites.js';
import { ANNOUNCED_PERIOD } from '../consent-period.js';
import { type Scope, type SubjectFacts, type SubjectView } from '../types.js';
import { type Change, type Question } from './explanation.js';

/** Stands for a scope that is not known yet. */
const NEW_SCOPE = 'new';
const EXAMPLE_OF: Readonly<Record<string, string>> = { [ANNOUNCED_PERIOD]: 'P1Y' };
const NOTHING_KNOWN: SubjectFacts = { brand: null, roles: [], minor: null };

/** The question a moment later, when the changes have happened; null when one of them cannot happen. */
export function questionAfter(question: Question, changes: readonly Change[]): Question | null {
  const next = question.at + 1;
  let { view } = question;
  for (const change of changes) if (change.kind !== 'decision') view = withFact(view, change, next);
  for (const change of changes) {
    const after = change.kind === 'decision' ? withDecision(view, change, question, next) : view;
    if (after === null) return null;
    view = after;
  }
  const at = Math.max(next, ...changes.map((change) => (change.kind === 'moment' ? change.at : next)));
  return { ...question, view, at };
}

function withFact(view: SubjectView, change: Exclude<Change, { kind: 'decision' }>, now: number): SubjectView {
  const { unregistered, ...facts } = view.facts ?? NOTHING_KNOWN;
  void unregistered;
  switch (change.kind) {
    case 'brand': {
      const { scope, to } = change;
      if (scope.level === 'person') return { ...view, facts: { ...facts, brand: to } };
      return { ...view, scopes: view.scopes.map((s) => (s.id === scope.id ? { ...s, brand: to } : s)) };
    }
    case 'role':
      return { ...view, facts: { ...facts, roles: [change.to] } };
    case 'age':
      return { ...view, facts: { ...facts, minor: change.minor } };
    case 'contract': {
      if (change.to === 'ends') return { ...view, facts: { ...facts, contractEnd: now } };
      const ended = (facts.contractEnd ?? Infinity) < now ? (facts.contractEnd ?? null) : null;
      return { ...view, facts: { ...facts, ...asCustomer(facts), contractStart: now, contractEnd: ended } };
    }
    case 'moment':
      return view;
  }
}

/** Whoever was a customer is one again under a new contract. */
const asCustomer = ({ roles }: SubjectFacts): Pick<SubjectFacts, 'roles'> => ({
  roles: [...new Set(roles.map((role) => (role === 'ex-customer' ? 'customer' : role)))],
});

/** As the ledger would take the decision in; null when it would refuse it. */
function withDecision(
  view: SubjectView,
  { purposeId, scope: asked, status, by, attributes }: Extract<Change, { kind: 'decision' }>,
  { catalogue }: Question,
  now: number,
): SubjectView | null {
  const purpose = catalogue.purposes.get(purposeId);
  const [cause] = by;
  if (purpose === undefined || cause === undefined) return null;
  const scope: Scope = { level: asked.level, id: asked.id ?? NEW_SCOPE };
  const current = stateIn(view, purposeId, scope.id);
  const result = decide(
    {
      subjectId: view.subjectId,
      scope,
      purposeId,
      status,
      cause,
      decidedAt: now,
      bundleId: null,
      notice: null,
      evidence: { channel: 'none', actor: 'unknown', caller: '', origin: null },
      brand: null,
      // Whatever the attribute says, as long as it is of its form.
      attributes: Object.fromEntries(attributes.map((name) => [name, EXAMPLE_OF[name] ?? ''])),
    },
    current,
    purpose,
    factsFor(view, scope),
    {
      now,
      version: (current?.version ?? 0) + 1,
      decisionId: '',
      catalogueVersion: catalogue.version,
      systems: catalogue.systems,
      notices: catalogue.notices,
      ...othersOf(view, catalogue, scope, now),
      // Decided after every bundle that is known.
      bundleClosedAt: null,
    },
  );
  if (result.kind === 'refused') return null;
  const held = { scope, purposeId, state: evolve(current, result.entry) };
  return {
    ...view,
    states: [...view.states.filter((s) => s.purposeId !== purposeId || s.scope.id !== scope.id), held],
  };
}
