import {
  evolve,
  type HeldState,
  type LedgerEntry,
  type ScopeFacts,
  type SubjectFacts,
  type SubjectView,
  type TripleState,
} from '@consent/consent-rules';
import { tripleKey } from '@consent/events';

/** A subject while its decisions are made in memory; what has been decided counts for what is decided next. */
export class SubjectDraft {
  /** Newest version so far. */
  version: number;
  readonly #states = new Map<string, HeldState>();
  #view: SubjectView | null = null;

  constructor(
    readonly subjectId: string,
    version: number,
    readonly facts: SubjectFacts | null,
    readonly scopes: ScopeFacts[],
    states: readonly HeldState[],
  ) {
    this.version = version;
    for (const held of states) this.#states.set(this.#key(held.scope.id, held.purposeId), held);
  }

  stateOf(scopeId: string, purposeId: string): TripleState | null {
    return this.#states.get(this.#key(scopeId, purposeId))?.state ?? null;
  }

  /** All that is known now, as the rules see it; later changes do not show in it. */
  view(): SubjectView {
    return (this.#view ??= {
      subjectId: this.subjectId,
      facts: this.facts,
      scopes: [...this.scopes],
      states: [...this.#states.values()],
    });
  }

  /** The same subject under other facts. */
  withFacts(facts: SubjectFacts | null, scopes: ScopeFacts[]): SubjectDraft {
    return new SubjectDraft(this.subjectId, this.version, facts, scopes, [...this.#states.values()]);
  }

  addScope(scope: ScopeFacts): void {
    this.scopes.push(scope);
    this.#view = null;
  }

  /** Takes an entry in. Returns the state after it. */
  apply(entry: LedgerEntry): TripleState {
    const state = evolve(this.stateOf(entry.scope.id, entry.purposeId), entry);
    this.#states.set(this.#key(entry.scope.id, entry.purposeId), {
      scope: entry.scope,
      purposeId: entry.purposeId,
      state,
    });
    this.version = entry.version;
    this.#view = null;
    return state;
  }

  #key(scopeId: string, purposeId: string): string {
    return tripleKey({ subjectId: this.subjectId, scopeId, purposeId });
  }
}
