import { type Catalogue, type DecideCommand, type OpenTransition, type TripleState } from '@consent/consent-rules';
import { type ConsentDecision } from '@consent/events';
import { type Transaction } from '@consent/postgres';
import { type Caller } from '../callers/callers.js';
import { readDecision } from '../reads/read-history.js';
import { lockSubjects } from '../subjects/lock-subjects.js';
import { readStates } from '../subjects/read-states.js';
import { recordDecisions, type RecordContext, type Recorded } from './record-decisions.js';
import { openFrom } from './refusal.js';
import { causeBy } from './to-command.js';

export interface Confirmation {
  /** Where the person confirmed. */
  channel: string;
  /** When, epoch ms. */
  decidedAt: number;
  notice: ConsentDecision['notice'];
}

/** Why a request is not confirmed. */
export interface ConfirmationRefusal {
  code:
    | 'decision_unknown'
    | 'confirmation_channel_unfit'
    | 'confirmation_not_awaited'
    | 'confirmation_too_late'
    | 'confirmation_before_request';
  message: string;
  openTransitions?: readonly OpenTransition[];
}

/**
 * The person's second step: what was asked for is given, from now on and with evidence of its own, over a channel on which
 * nobody else could have said so.
 */
export async function confirmRequest(
  tx: Transaction,
  requestId: string,
  confirmation: Confirmation,
  caller: Caller,
  context: RecordContext,
): Promise<Recorded | { kind: 'not-confirmed'; refusal: ConfirmationRefusal }> {
  const request = (await readDecision(tx, requestId))?.decision;
  if (!request) return notConfirmed('decision_unknown', `The ledger has no decision ${requestId}`);
  const unfit = channelRefusal(confirmation.channel, context.catalogue);
  if (unfit) return { kind: 'not-confirmed', refusal: unfit };
  const { subjectId, scope, purposeId } = request;
  const triple = { subjectId, scopeId: scope.id, purposeId };
  const [, states] = await Promise.all([lockSubjects(tx, new Set([subjectId])), readStates(tx, [triple], new Set())]);
  const state = states.get(subjectId)?.[0]?.state ?? null;
  const refusal = refusalOf(request, state, confirmation, context.now);
  if (refusal)
    return {
      kind: 'not-confirmed',
      refusal: { ...refusal, openTransitions: openFrom(context.catalogue, purposeId, state) },
    };
  const [recorded] = await recordDecisions(tx, [commandOf(request, confirmation, caller)], context);
  if (!recorded) throw new Error('A confirmation was neither recorded nor refused');
  return recorded;
}

const notConfirmed = (code: ConfirmationRefusal['code'], message: string) =>
  ({ kind: 'not-confirmed', refusal: { code, message } }) as const;

function channelRefusal(channel: string, { confirmWithin }: Catalogue): ConfirmationRefusal | null {
  if (!confirmWithin.has(channel)) return null;
  const asking = [...confirmWithin.keys()].join(', ');
  return {
    code: 'confirmation_channel_unfit',
    message: `body channel: found ${channel}, which asks for a confirmation itself; expected any channel but ${asking}`,
  };
}

function refusalOf(
  request: ConsentDecision,
  state: TripleState | null,
  { decidedAt }: Confirmation,
  now: number,
): ConfirmationRefusal | null {
  const confirmBy = Date.parse(request.attributes['confirmBy'] ?? '');
  if (request.status !== 'requested' || Number.isNaN(confirmBy) || !isAwaited(request, state))
    return {
      code: 'confirmation_not_awaited',
      message: `Decision ${request.decisionId} waits for no confirmation: the purpose is ${state?.status ?? 'undecided'} now`,
    };
  if (Math.max(now, decidedAt) >= confirmBy)
    return {
      code: 'confirmation_too_late',
      message: `Decision ${request.decisionId} could be confirmed until ${new Date(confirmBy).toISOString()}; expected a new decision`,
    };
  if (decidedAt < request.decidedAt)
    return {
      code: 'confirmation_before_request',
      message: `body decidedAt: found ${new Date(decidedAt).toISOString()}; expected a time after the request, ${new Date(request.decidedAt).toISOString()}`,
    };
  return null;
}

/** Nothing was said since: no newer request, no yes, no closing. */
function isAwaited(request: ConsentDecision, state: TripleState | null): boolean {
  if (state === null || state.decidedAt === null) return false;
  if (state.closedDecidedAt !== null && request.decidedAt <= state.closedDecidedAt) return false;
  if (state.status === 'requested') return state.decidedAt === request.decidedAt;
  return (state.status === 'given' || state.status === 'objection_submitted') && state.decidedAt < request.decidedAt;
}

function commandOf(request: ConsentDecision, confirmation: Confirmation, caller: Caller): DecideCommand {
  const { confirmBy, ...attributes } = request.attributes;
  void confirmBy;
  return {
    subjectId: request.subjectId,
    scope: request.scope as DecideCommand['scope'],
    purposeId: request.purposeId,
    status: 'given',
    cause: causeBy(caller, 'given'),
    decidedAt: confirmation.decidedAt,
    bundleId: null,
    notice: confirmation.notice ?? request.notice,
    evidence: { channel: confirmation.channel, actor: caller.actor, caller: caller.name, origin: null },
    brand: request.brand,
    attributes: { ...attributes, confirms: request.decisionId },
  };
}
