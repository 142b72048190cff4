import { isOpening } from './direction.js';
import { reasonSentence } from './reason-sentence.js';
import { RULES } from './rules/index.js';
import { whatItStandsOn } from './rules/prerequisites-open.js';
import { type Case, type Decided, type Rule, type Verdict } from './rules/rule.js';
import {
  type ExplainedPermission,
  type Permission,
  type OtherPurposes,
  type PrerequisiteLookup,
  type Purpose,
  type ReasonCode,
  type Status,
  type SubjectFacts,
  type TripleState,
} from './types.js';

/**
 * May this purpose be pursued for this scope at `now`?
 * @param purpose null when the catalogue does not know it: then nothing is allowed
 * @param state null before any decision
 * @param facts of the scope; null or unregistered when nothing is known of the person
 */
export function permission(
  purpose: Purpose | null,
  state: TripleState | null,
  facts: SubjectFacts | null,
  now: number,
  others: OtherPurposes,
): ExplainedPermission {
  const found = permissionOf(purpose, decidedIn(state), facts, now, others);
  return { ...found, sentence: reasonSentence(found.reason, purpose) };
}

/** The decision in force of a state; null when what is open by default was only touched by rules. */
export const decidedIn = (state: TripleState | null): Decided | null =>
  state === null || state.decidedAt === null
    ? null
    : {
        status: state.status,
        decidedAt: state.decidedAt,
        announcedPeriod: state.announcedPeriod,
        publishedReason: state.reason,
        confirmBy: state.status === 'requested' ? state.nextChangeAt : null,
      };

/** Hears each rule that was asked, in order, until one closes. */
export type Hearing = (rule: Rule, verdict: Verdict) => void;

/** `permission` without the sentence, over the decision in force. */
export function permissionOf(
  purpose: Purpose | null,
  decided: Decided | null,
  facts: SubjectFacts | null,
  now: number,
  others: OtherPurposes,
  hearing?: Hearing,
): Permission {
  if (purpose === null) return closed('purpose_unknown');
  if (purpose.choiceModel === 'none') return withoutChoice(purpose, others.prerequisites);
  if (decided?.status === 'requested') return requested(decided.confirmBy ?? null, now);
  if (decided !== null && !isOpening(decided.status)) return closed(REASON_OF_STATUS[decided.status]);
  // The words of another choice model, from before the catalogue changed, are no consent.
  const agreed = decided !== null && (purpose.choiceModel !== 'opt-in' || decided.status === 'given');
  if (!agreed && purpose.defaultAllowed !== true) return closed('closed_by_default');
  if (facts === null || facts.unregistered) return closed('facts_missing');
  const reason = decided === null ? 'open_by_default' : REASON_OF_STATUS[decided.status];
  return underTheRules({ purpose, decided, facts, now, ...others }, reason, hearing);
}

function underTheRules(c: Case, openReason: ReasonCode, hearing?: Hearing): Permission {
  let reason = openReason;
  let nextChangeAt: number | null = null;
  for (const rule of RULES) {
    const verdict = rule.judge(c);
    hearing?.(rule, verdict);
    if (verdict === null || verdict === 'passes') continue;
    if ('closes' in verdict) return { allowed: false, reason: verdict.closes, nextChangeAt: verdict.until ?? null };
    reason = verdict.reason ?? reason;
    nextChangeAt = Math.min(nextChangeAt ?? Infinity, verdict.opensUntil);
  }
  return { allowed: true, reason, nextChangeAt };
}

/** Of the rules, what it stands on alone. */
function withoutChoice({ dependsOn }: Purpose, prerequisites: PrerequisiteLookup): Permission {
  const verdict = whatItStandsOn(dependsOn, prerequisites);
  if (verdict === null || verdict === 'passes') return { allowed: true, reason: 'no_choice', nextChangeAt: null };
  return 'closes' in verdict
    ? { allowed: false, reason: verdict.closes, nextChangeAt: verdict.until ?? null }
    : { allowed: true, reason: 'no_choice', nextChangeAt: verdict.opensUntil };
}

const closed = (reason: ReasonCode): Permission => ({ allowed: false, reason, nextChangeAt: null });

/** Nothing is open while a confirmation is awaited, nor when none came. */
const requested = (confirmBy: number | null, now: number): Permission =>
  confirmBy !== null && now >= confirmBy
    ? closed('expired')
    : { allowed: false, reason: 'requested', nextChangeAt: confirmBy };

const REASON_OF_STATUS: Readonly<Record<Status, ReasonCode>> = {
  requested: 'requested',
  given: 'given',
  refused: 'refused',
  withdrawn: 'withdrawn',
  expired: 'expired',
  revoked: 'revoked',
  objected: 'objected',
  objection_submitted: 'objection_under_assessment',
  objection_rejected: 'objection_rejected',
  objection_lifted: 'objection_lifted',
};
