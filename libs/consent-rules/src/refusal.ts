import { isCountable, isPeriod } from './calendar.js';
import { ANNOUNCED_PERIOD, announcedIn } from './consent-period.js';
import { isOpening } from './direction.js';
import { checkTransition, type From, openTransitions } from './transitions.js';
import {
  type DecideCommand,
  type DecideContext,
  type DecideResult,
  type NoLookup,
  type NoticeVersion,
  type Purpose,
  type RefusalCode,
  type Status,
  type SubjectFacts,
  type TripleState,
} from './types.js';

/** How far a channel's clock may run ahead. */
const CLOCK_TOLERANCE_MS = 5 * 60_000;

/** A reasoned objection is answered by someone other than who recorded it (C28); where objections are absolute, a no is one (C84). */
const ANSWERS: ReadonlySet<Status> = new Set<Status>(['objected', 'objection_rejected']);

/**
 * Why a command cannot be recorded at all, or null. A closing of the purpose's own choice model always can: by every route
 * (C84), of people who are no customers (C43), and of those of whom nothing is known but the number they speak of (C39).
 */
export function refusalOf(
  command: DecideCommand,
  current: TripleState | null,
  purpose: Purpose,
  facts: SubjectFacts | null,
  context: Pick<
    DecideContext,
    'now' | 'notices' | 'mayAssess' | 'objectionRecordedBy' | 'confirmWithin' | 'noUnderAnotherRole'
  >,
): Extract<DecideResult, { kind: 'refused' }> | null {
  const { now, notices, mayAssess, objectionRecordedBy, confirmWithin, noUnderAnotherRole } = context;
  const model = purpose.choiceModel;
  const from = statusBefore(current, purpose, facts, noUnderAnotherRole);
  const refuse = (code: RefusalCode, message: string) =>
    ({ kind: 'refused', code, message, openTransitions: openTransitions(model, from) }) as const;

  if (model === 'none')
    return refuse(
      'purpose_without_choice',
      `${purpose.id} rests on ${purpose.legalBasis.join(' and ')}: no choice exists`,
    );
  if (command.scope.level !== purpose.scopeLevel)
    return refuse(
      'scope_level_mismatch',
      `${purpose.id} is decided per ${purpose.scopeLevel ?? 'nobody'}, found scope level ${command.scope.level}`,
    );
  const check = checkTransition(model, from, command.status, command.cause);
  if (check === 'status_not_of_choice_model')
    return refuse(check, `${purpose.id} is ${model}, which does not know the status ${command.status}`);
  if (check === 'transition_not_open')
    return refuse(check, `${purpose.id} cannot go from ${from} to ${command.status}`);
  if (check === 'cause_not_entitled')
    return refuse(check, `${command.status} of ${purpose.id} cannot be caused by ${command.cause}`);
  const isAnswer = model !== 'opt-out' && ANSWERS.has(command.status) && from === 'objection_submitted';
  if (isAnswer && mayAssess === false)
    return refuse(
      'assessor_not_entitled',
      `${command.evidence.caller} may not decide on objections to ${purpose.id}; expected a caller with the right assess`,
    );
  if (isAnswer && objectionRecordedBy?.has(command.evidence.caller))
    return refuse(
      'assessor_recorded_objection',
      `${command.evidence.caller} recorded this objection to ${purpose.id}; expected another caller to decide on it`,
    );
  if (!isOpening(command.status)) return null;
  if (confirmWithin && command.status !== 'given')
    return refuse(
      'channel_asks_for_confirmation',
      `Anybody could say ${command.status} over ${command.evidence.channel}, which asks for a confirmation that only a yes can wait for; expected ${command.status} over a channel that asks for none`,
    );
  if (command.decidedAt > now + CLOCK_TOLERANCE_MS)
    return refuse(
      'decided_in_the_future',
      `decidedAt is ${time(command.decidedAt)}; expected at most ${CLOCK_TOLERANCE_MS / 60_000} minutes after the reception, ${time(now)}`,
    );
  if (command.cause === 'import' && command.notice === null && command.evidence.origin === null)
    return refuse('evidence_missing', `An import opens ${purpose.id} only with the notice shown or the origin's event`);
  if (command.notice !== null && !notices.some((known) => shows(known, command)))
    return refuse(
      'notice_unknown',
      `The catalogue has no notice ${command.notice.id} ${command.notice.version} in ${command.notice.language} about ${purpose.id} with this content hash: who saw another text has not agreed to this`,
    );
  const announced = announcedIn(command) ?? '';
  if (purpose.announcesPeriod && !(isPeriod(announced) && isCountable(announced)))
    return refuse(
      'period_not_announced',
      `The text of ${purpose.id} has no period of its own; expected the one announced to the person, attributes.${ANNOUNCED_PERIOD}, ISO 8601 in whole parts such as P6M, at most 100 years`,
    );
  return null;
}

/** Whether the text named in a command is the one the catalogue holds, and speaks of the purpose. */
const shows = ({ id, version, language, contentHash, purposes }: NoticeVersion, { notice, purposeId }: DecideCommand) =>
  id === notice?.id &&
  version === notice.version &&
  language === notice.language &&
  contentHash === notice.contentHash &&
  purposes.includes(purposeId);

/**
 * An objection to all marketing stands for the objection to each purpose it reaches, and a no under another role for
 * the objection under this one, so that each can be lifted (C18, C42).
 */
function statusBefore(
  current: TripleState | null,
  purpose: Purpose,
  facts: SubjectFacts | null,
  noUnderAnotherRole: NoLookup,
): From {
  const decidedAt = current?.decidedAt ?? null;
  if (purpose.choiceModel === 'opt-out') {
    const toAll = purpose.ownMarketing ? (facts?.fullMarketingObjectionAt ?? null) : null;
    const objectedAt = Math.max(toAll ?? -Infinity, noUnderAnotherRole(purpose.id) ?? -Infinity);
    if (objectedAt > -Infinity && (decidedAt === null || decidedAt <= objectedAt)) return 'objected';
  }
  return current === null || decidedAt === null ? 'none' : current.status;
}

const time = (epochMs: number): string => new Date(epochMs).toISOString();
