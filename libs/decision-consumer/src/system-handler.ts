import { type ConsentDecision, type SystemId } from '@consent/events';
import { type Transaction } from '@consent/postgres';

/** What a system does about a decision. Each system has a union of its own, told apart by `kind`, in its business words. */
export interface Effect {
  kind: string;
  /** The decision that asked for it. */
  decisionId: string;
}

/** What changed because of a decision. A decision without a row changed nothing: its outcome is `no_effect`. */
export interface EffectRow {
  decisionId: string;
  /** In the system's words, such as `audiences left`. */
  effect: string;
  count: number;
}

/**
 * All that a system tells about itself. Effects run inside the transaction that moves the guard; they must come out the
 * same when run twice, and must not compare versions: that is the guard's task.
 */
export interface SystemHandler<E extends Effect = Effect> {
  systemId: SystemId;
  /** Purposes the system knows. A decision that concerns it for another purpose is rejected (`no_handler`) and counts as closed. */
  purposes: readonly string[];
  /** Pure. What to do about a decision; look at `opens(decision)`, not at the status. Throwing parks the decision. */
  onDecision(decision: ConsentDecision): readonly E[];
  /**
   * One set-based statement for each kind of effect. Kinds run in the order of this object, in one round trip, so a
   * call sends its statement at once and no second one that another kind must see. Effects of one call concern different (subject, scope, purpose), but may touch the same business row.
   */
  applyEffects: { [K in E['kind']]: ApplyEffects<E & { kind: K }> };
}

export type ApplyEffects<E extends Effect> = (tx: Transaction, effects: readonly E[]) => Promise<readonly EffectRow[]>;
