import { type ConsentDecision, type EffectCount, HEARTBEAT_PURPOSE } from '@consent/events';
import { type Transaction } from '@consent/postgres';
import { type Effect, type EffectRow, type SystemHandler } from '../system-handler.js';

/** What changed, by decision, in the system's words. */
export type EffectCounts = Map<string, readonly EffectCount[]>;

/** A system whose kinds of effect are no longer known one by one. */
export interface AnySystem {
  readonly systemId: string;
  readonly purposes: ReadonlySet<string>;
  onDecision(decision: ConsentDecision): readonly Effect[];
  /** In the order in which kinds run. */
  readonly kinds: readonly string[];
  apply(tx: Transaction, kind: string, effects: readonly Effect[]): Promise<readonly EffectRow[]>;
}

/** @throws Error when the handler knows no purpose, or twice the same */
export function anySystem<E extends Effect>(handler: SystemHandler<E>): AnySystem {
  const purposes = new Set(handler.purposes);
  if (purposes.size === 0)
    throw new Error(`The handler of ${handler.systemId} lists no purpose: every decision would be rejected`);
  if (purposes.size !== handler.purposes.length)
    throw new Error(`The handler of ${handler.systemId} lists a purpose twice: ${handler.purposes.join(', ')}`);
  const byKind = handler.applyEffects as unknown as Record<
    string,
    (tx: Transaction, effects: readonly Effect[]) => Promise<readonly EffectRow[]>
  >;
  return {
    systemId: handler.systemId,
    purposes,
    onDecision: (decision) => handler.onDecision(decision),
    kinds: Object.keys(byKind),
    apply: (tx, kind, effects) => {
      const apply = byKind[kind];
      if (!apply) throw new Error(`${handler.systemId} has no applyEffects.${kind}`);
      return apply(tx, effects);
    },
  };
}

/** Runs the effects of decisions of different triples, each kind in one call, and adds what changed to `counts`. */
export async function runEffects(
  tx: Transaction,
  system: AnySystem,
  decisions: readonly ConsentDecision[],
  counts: EffectCounts,
): Promise<void> {
  const byKind = new Map<string, Effect[]>(system.kinds.map((kind) => [kind, []]));
  for (const decision of decisions) {
    if (decision.purposeId === HEARTBEAT_PURPOSE || !system.purposes.has(decision.purposeId)) continue;
    for (const effect of system.onDecision(decision)) {
      const effects = byKind.get(effect.kind);
      if (!effects)
        throw new Error(`${system.systemId} wants the effect ${effect.kind}, which applyEffects does not have`);
      effects.push(effect);
    }
  }
  const wanted = [...byKind].filter(([, effects]) => effects.length > 0);
  // Each kind's statement is sent without waiting for the one before. None may still run when a failure is undone.
  const runs = await Promise.allSettled(wanted.map(([kind, effects]) => system.apply(tx, kind, effects)));
  for (const run of runs)
    if (run.status === 'rejected') throw run.reason;
    else add(counts, run.value);
}

function add(counts: EffectCounts, rows: readonly EffectRow[]): void {
  // Thousands of decisions change one row of the same kind: they share a list.
  const once = new Map<string, readonly EffectCount[]>();
  for (const { decisionId, effect, count } of rows) {
    // pg gives count(*) as text.
    const number = Number(count);
    if (number === 0) continue;
    const before = counts.get(decisionId);
    if (before !== undefined) counts.set(decisionId, plus(before, effect, number));
    else if (number > 1) counts.set(decisionId, [{ effect, count: number }]);
    else {
      const list = once.get(effect) ?? [{ effect, count: 1 }];
      once.set(effect, list);
      counts.set(decisionId, list);
    }
  }
}

function plus(before: readonly EffectCount[], effect: string, count: number): EffectCount[] {
  const same = before.find((row) => row.effect === effect);
  return [...before.filter((row) => row !== same), { effect, count: count + (same?.count ?? 0) }];
}
