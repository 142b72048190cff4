import { type LedgerHead } from '../http/consent-service.js';
import { type EffectiveState } from '../http/system-ops.js';

/** One triple where a system does something else than the ledger says. */
export interface Difference {
  kind: 'acts_against_ledger' | 'does_not_act' | 'held_back' | 'older' | 'newer' | 'unknown_to_system';
  subjectId: string;
  scopeId: string;
  purposeId: string;
  ledger: { allowed: boolean; version: number };
  system: { allowed: boolean; version: number } | null;
}

/** What each kind of difference means, for the operator. */
export const MEANING: Record<Difference['kind'], string> = {
  acts_against_ledger: 'the system acts, and the ledger does not allow it',
  does_not_act: 'the ledger allows it, and the system does not act',
  held_back: 'something of it is parked: the system treats it as closed until that is released',
  older: 'the system acts on an older decision',
  newer: 'the system acts on a decision that the ledger does not hold',
  unknown_to_system: 'the system knows nothing of it',
};

/** Compares triple by triple. Pure; equal triples are not listed. */
export function compareStates(heads: readonly LedgerHead[], states: readonly EffectiveState[]): Difference[] {
  const held = new Map(states.map((state) => [keyOf(state), state]));
  return heads.flatMap((head) => {
    const state = held.get(keyOf(head));
    const kind = kindOf(head, state);
    if (!kind) return [];
    const { subjectId, scopeId, purposeId } = head;
    const ledger = { allowed: head.allowed, version: head.version };
    return [{ kind, subjectId, scopeId, purposeId, ledger, system: state ? pick(state) : null }];
  });
}

export const keyOf = (triple: { subjectId: string; scopeId: string; purposeId: string }): string =>
  `${triple.subjectId} ${triple.scopeId} ${triple.purposeId}`;

function kindOf(head: LedgerHead, state: EffectiveState | undefined): Difference['kind'] | undefined {
  if (!state) return 'unknown_to_system';
  if (state.version > head.version) return 'newer';
  if (state.heldBack && (head.allowed || state.version < oldestInStep(head))) return 'held_back';
  if (state.allowed !== head.allowed) return state.allowed ? 'acts_against_ledger' : 'does_not_act';
  return state.version < oldestInStep(head) ? 'older' : undefined;
}

/** Evidence without effect moves the ledger's version on and no system's state: what was in force before it still is. */
const oldestInStep = ({ effective, version, versionInForce }: LedgerHead): number =>
  effective ? version : (versionInForce ?? version);

const pick = ({ allowed, version }: EffectiveState): { allowed: boolean; version: number } => ({ allowed, version });
