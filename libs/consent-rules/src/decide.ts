import { type SystemId } from '@consent/events';
import { addPeriod } from './calendar.js';
import { announcedIn } from './consent-period.js';
import { isOpening } from './direction.js';
import { toldEnds } from './ended-categories.js';
import { decidedIn, permissionOf } from './permission.js';
import { refusalOf } from './refusal.js';
import {
  type DecideCommand,
  type DecideContext,
  type DecideResult,
  type LedgerEntry,
  type Permission,
  type Purpose,
  type SubjectFacts,
  type TripleState,
} from './types.js';

/**
 * Turns a command into the ledger's next entry, or refuses it and says which moves are open.
 *
 * Restrictive wins on doubt: with unknown facts or an unknown brand an opening is recorded and the permission stays
 * closed until the facts are known (`permissionChanges` opens it then). A closing takes effect whatever its channel,
 * brand, facts or age. An opening takes effect only if it was decided after every closing that took effect and every
 * bundle that says no to the purpose, and not before the opening in force; otherwise it is kept as evidence and the
 * permission in force stands.
 */
export function decide(
  command: DecideCommand,
  current: TripleState | null,
  purpose: Purpose,
  facts: SubjectFacts | null,
  context: DecideContext,
): DecideResult {
  const refusal = refusalOf(command, current, purpose, facts, context);
  if (refusal !== null) return refusal;
  const confirmBy = confirmationDue(command, context);
  const taken: DecideCommand = confirmBy === null ? command : requestOf(command, confirmBy);
  const changesNothing = taken.status === 'requested' && outlivesRequest(current, confirmBy);
  // Of two requests the newer one waits, in whatever order they come in.
  const isOvertaken =
    confirmBy !== null && decidedIn(current)?.confirmBy != null && command.decidedAt < (current?.decidedAt ?? 0);
  const effective =
    !changesNothing && (!isOpening(command.status) || (isNewEvidence(command, current, context) && !isOvertaken));
  const permission = effective
    ? permissionOf(
        context.isGone === true ? null : purpose,
        { ...taken, confirmBy, announcedPeriod: announcedIn(taken) },
        facts,
        context.now,
        context,
      )
    : inForce(current, isOvertaken || changesNothing);
  return {
    kind: 'decided',
    entry: ledgerEntry(taken, permission, effective, purpose, facts, {
      ...context,
      endedCategories: toldEnds(purpose, current),
    }),
  };
}

/**
 * Until when a yes given over a channel that asks for a double confirmation must be confirmed; null for all else. One that
 * comes in after its time is a request all the same, for a millisecond: then it lapses like any other.
 */
const confirmationDue = ({ status, decidedAt }: DecideCommand, { now, confirmWithin }: DecideContext): number | null =>
  status === 'given' && confirmWithin ? Math.max(addPeriod(Math.min(decidedAt, now), confirmWithin), now + 1) : null;

/** What a request leaves in force, though it is kept and can be confirmed: the person's yes, and an objection under assessment. */
const outlivesRequest = (current: TripleState | null, confirmBy: number | null): boolean =>
  current?.status === 'objection_submitted' ||
  (confirmBy !== null && current?.status === 'given' && current.decidedAt !== null);

/** The yes as a request: nobody knows yet that it was the person. */
const requestOf = (command: DecideCommand, confirmBy: number): DecideCommand => ({
  ...command,
  status: 'requested',
  attributes: { ...command.attributes, confirmBy: new Date(confirmBy).toISOString() },
});

function isNewEvidence(
  { decidedAt }: DecideCommand,
  current: TripleState | null,
  { bundleClosedAt }: DecideContext,
): boolean {
  const closedAt = Math.max(current?.closedDecidedAt ?? -Infinity, bundleClosedAt ?? -Infinity);
  if (decidedAt <= closedAt) return false;
  return current === null || current.decidedAt === null || !isOpening(current.status) || decidedAt >= current.decidedAt;
}

/** Of evidence: without a state, a bundle has said no. */
const inForce = (current: TripleState | null, stands: boolean): Permission =>
  current !== null && (isOpening(current.status) || stands)
    ? { allowed: current.allowed, reason: current.reason, nextChangeAt: current.nextChangeAt }
    : { allowed: false, reason: 'evidence_older_than_closing', nextChangeAt: null };

/** The ledger entry for a permission reached; shared with `permissionChanges`. */
export function ledgerEntry(
  command: DecideCommand,
  permission: Permission,
  effective: boolean,
  purpose: Purpose,
  facts: SubjectFacts | null,
  context: Pick<DecideContext, 'now' | 'version' | 'decisionId' | 'catalogueVersion' | 'systems'> &
    Pick<LedgerEntry, 'endedCategories'>,
): LedgerEntry {
  const direction = permission.allowed ? 'opening' : 'closing';
  return {
    decisionId: context.decisionId,
    subjectId: command.subjectId,
    version: context.version,
    scope: command.scope,
    purposeId: command.purposeId,
    status: command.status,
    direction,
    permission,
    effective,
    cause: command.cause,
    bundleId: command.bundleId,
    notice: command.notice,
    evidence: command.evidence,
    decidedAt: command.decidedAt,
    receivedAt: context.now,
    catalogueVersion: context.catalogueVersion,
    brand: facts?.brand ?? command.brand,
    systems: concernedSystems(purpose, direction, context),
    attributes: command.attributes,
    endedCategories: context.endedCategories,
  };
}

function concernedSystems(
  purpose: Purpose,
  direction: 'opening' | 'closing',
  context: Pick<DecideContext, 'now' | 'systems'>,
): { systemId: SystemId; applyBy: number }[] {
  return purpose.systems.map((systemId) => {
    const deadlines = context.systems.get(systemId);
    if (deadlines === undefined) throw new Error(`Purpose ${purpose.id} concerns ${systemId}, which has no deadlines`);
    return {
      systemId,
      applyBy: context.now + (direction === 'closing' ? deadlines.closingMs : deadlines.openingMs),
    };
  });
}
