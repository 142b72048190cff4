import { decide } from '../decide.js';
import { factsFor, othersOf, stateIn } from '../prerequisites.js';
import { ANNOUNCED_PERIOD } from '../consent-period.js';
import { type LedgerEntry, type Scope, type SubjectFacts, type SubjectView } from '../types.js';
import { withEntry } from '../with-entry.js';
import { withConsequences, withWhatFallsDue } from './consequences.js';
import { type Change, type Question } from './explanation.js';

/** Stands for a scope that is not known yet. */
const NEW_SCOPE = 'new';
const EXAMPLE_OF: Readonly<Record<string, string>> = { [ANNOUNCED_PERIOD]: 'P1Y' };
const NOTHING_KNOWN: SubjectFacts = { brand: null, roles: [], minor: null };

/**
 * The question a moment later, when the changes have happened, facts first, and the ledger has recorded what follows from
 * them; null when one of them cannot happen.
 */
export function questionAfter(question: Question, changes: readonly Change[]): Question | null {
  const next = question.at + 1;
  const told = changes.reduce((known, change) => withFact(known, change, next), question.view);
  let view = told === question.view ? told : withConsequences(question.view, told, question, next);
  for (const change of changes) {
    if (change.kind !== 'decision') continue;
    const entry = entryOf(view, change, question, next);
    if (entry === null) return null;
    view = withConsequences(view, withEntry(view, entry), question, next);
  }
  const at = Math.max(next, ...changes.map((change) => (change.kind === 'moment' ? change.at : next)));
  return { ...question, view: at === next ? view : withWhatFallsDue(view, question, next, at), at };
}

function withFact(view: SubjectView, change: Change, now: number): SubjectView {
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
    case 'decision':
    case 'moment':
      return view;
  }
}

/** Whoever was a customer is one again under a new contract. */
const asCustomer = ({ roles }: SubjectFacts): Pick<SubjectFacts, 'roles'> => ({
  roles: [...new Set(roles.map((role) => (role === 'ex-customer' ? 'customer' : role)))],
});

/** The decision as the ledger would take it in; null when it would refuse it. */
function entryOf(
  view: SubjectView,
  { purposeId, scope: asked, status, by, attributes }: Extract<Change, { kind: 'decision' }>,
  { catalogue }: Question,
  now: number,
): LedgerEntry | null {
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
  return result.kind === 'refused' ? null : result.entry;
}
