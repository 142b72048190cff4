import {
  type BundleSaid,
  type Change,
  type Explanation,
  type FactUsed,
  type Language,
  type LedgerEntry,
  type Step,
} from '@consent/consent-rules';
import { iso, permissionAnswer } from './decision-answer.js';

/** An explanation in one language as GET /v1/subjects/{id}/why answers it. */
export const whyAnswer = (
  { permission, sentence, steps, wouldChange }: Explanation,
  language: Language,
  positions: ReadonlyMap<string, number>,
) => ({
  ...permissionAnswer(permission),
  sentence: sentence[language],
  steps: steps.map((step) => stepAnswer(step, language, positions)),
  wouldChange: wouldChange.map(({ changes, permission: then, sentence: told }) => ({
    sentence: told[language],
    permission: permissionAnswer(then),
    changes: changes.map(changeAnswer),
  })),
});

function stepAnswer(step: Step, language: Language, positions: ReadonlyMap<string, number>) {
  const { kind, purposeId, scope } = step;
  const told = { kind, purposeId, scope, sentence: step.sentence[language] };
  switch (step.kind) {
    case 'purpose':
      return { ...told, section: step.section };
    case 'facts-missing':
      return told;
    case 'decision':
      return { ...told, standing: step.standing, decision: sourceOf(step.entry, positions) };
    case 'bundle':
      return { ...told, bundle: bundleAnswer(step.said) };
    case 'category': {
      const { category, decisions, outcome } = step;
      return { ...told, category, decisions, outcome };
    }
    case 'rule':
      return {
        ...told,
        rule: step.rule,
        outcome: step.outcome,
        decisions: step.decisions,
        facts: step.facts.map((fact) => factAnswer(fact, language)),
      };
  }
}

/** Where a decision came from. The id that a source system gave its event stays in the decision's own record. */
const sourceOf = (entry: LedgerEntry, positions: ReadonlyMap<string, number>) => ({
  decisionId: entry.decisionId,
  position: positions.get(entry.decisionId) as number,
  version: entry.version,
  status: entry.status,
  cause: entry.cause,
  actor: entry.evidence.actor,
  caller: entry.evidence.caller,
  channel: entry.evidence.channel,
  originSystem: entry.evidence.origin?.system ?? null,
  notice: entry.notice,
  decidedAt: iso(entry.decidedAt),
  receivedAt: iso(entry.receivedAt),
  catalogueVersion: entry.catalogueVersion,
});

const bundleAnswer = ({ bundleId, kind, closedAt, recordedAt, by, channel }: BundleSaid) => ({
  bundleId,
  kind,
  caller: by,
  channel,
  decidedAt: iso(closedAt),
  recordedAt: iso(recordedAt),
});

const factAnswer = ({ fact, value, source, sentence }: FactUsed, language: Language) => ({
  fact,
  // Of the facts, only moments are numbers.
  value: typeof value === 'number' ? iso(value) : (value ?? null),
  source: source && { ...source, recordedAt: iso(source.recordedAt) },
  sentence: sentence[language],
});

const changeAnswer = (change: Change) => (change.kind === 'moment' ? { ...change, at: iso(change.at) } : change);
