import { isDeepStrictEqual } from 'node:util';
import {
  firstMissedEnd,
  nextFactClock,
  permissionChanges,
  type ScopeFacts,
  type SubjectFacts,
} from '@consent/consent-rules';
import { tripleKey } from '@consent/events';
import { type Transaction } from '@consent/postgres';
import { bringForward } from '../clocks/due-subjects.js';
import { hasLateHistory } from '../clocks/late-history.js';
import { mintId } from '../ledger/mint-id.js';
import { type DecidedBatch } from '../record/decide-batch.js';
import { type RecordContext, storeBatch } from '../record/record-decisions.js';
import { claimScopes, type OwnedScope, updateScopes } from '../subjects/scopes.js';
import { keepScopeVersions } from '../subjects/scope-versions.js';
import { type SubjectDraft } from '../subjects/subject-draft.js';
import { type FactsChannel, type FactsVersion, storeFacts } from './store-facts.js';

/** A locked subject, and the newest version of its facts. */
export interface FactsDraft {
  subject: SubjectDraft;
  factsVersion: number;
}

/** What moves facts write, gathered while they are decided and stored at once. */
export class FactsBatch {
  readonly #batch: Pick<DecidedBatch, 'entries' | 'heads' | 'claims'> = { entries: [], heads: new Map(), claims: [] };
  readonly #claims = new Map<string, OwnedScope>();
  readonly #updates = new Map<string, OwnedScope>();
  readonly #versions: FactsVersion[] = [];
  /** Of subjects without facts, so that no version of those has them. */
  readonly #bareScopes: OwnedScope[] = [];
  /** When what is open by default will next move by itself, of those of whom it will. */
  readonly #clocks = new Map<string, number>();

  constructor(
    readonly caller: string,
    readonly channel: FactsChannel,
    readonly context: RecordContext,
  ) {}

  /** A scope that this batch gives to its first subject. */
  claimOf(scopeId: string): OwnedScope | undefined {
    return this.#claims.get(scopeId);
  }

  /**
   * The subject under other facts, with scopes that are new or that replace those of the same id, and the ledger entries
   * that follow. What says nothing new leaves no version.
   */
  move(
    { subject, factsVersion }: FactsDraft,
    facts: SubjectFacts | null,
    given: readonly ScopeFacts[],
  ): FactsDraft & { changes: number } {
    const held = new Map(subject.scopes.map((scope) => [scope.id, scope]));
    const scopes = given.filter((scope) => !isDeepStrictEqual(scope, variable(held.get(scope.id))));
    if (scopes.length === 0 && isDeepStrictEqual(comparable(facts), comparable(subject.facts)))
      return { subject, factsVersion, changes: 0 };
    for (const scope of scopes) {
      const isClaimed = held.has(scope.id) && !this.#claims.has(scope.id);
      (isClaimed ? this.#updates : this.#claims).set(scope.id, { ...scope, subjectId: subject.subjectId });
      held.set(scope.id, scope);
    }
    const after = subject.withFacts(facts, [...held.values()]);
    const { catalogue, now } = this.context;
    const changes = this.#appendChanges(subject, after);
    // A contract whose end became known late, be it with the first facts: the clocks begin where they would have.
    const missed = firstMissedEnd(after.view(), catalogue, now);
    const due = missed ?? (hasLateHistory(after, now) ? now : nextFactClock(after.view(), catalogue, now + 1));
    if (due !== null) this.#clocks.set(subject.subjectId, due);
    if (facts === null || facts.unregistered) {
      this.#bareScopes.push(...scopes.map((scope) => ({ ...scope, subjectId: subject.subjectId })));
      return { subject: after, factsVersion, changes };
    }
    this.#versions.push({
      subjectId: subject.subjectId,
      factsVersion: factsVersion + 1,
      facts,
      scopes,
      firstVersion: subject.version,
      lastVersion: after.version,
    });
    return { subject: after, factsVersion: factsVersion + 1, changes };
  }

  /** @throws ScopeRaceError, and what PostgreSQL throws: nothing is stored then */
  async store(tx: Transaction): Promise<void> {
    await claimScopes(tx, [...this.#claims.values()]);
    await updateScopes(tx, [...this.#updates.values()]);
    await storeFacts(tx, this.#versions, this.caller, this.channel);
    await keepScopeVersions(tx, this.#bareScopes, this.caller, 'transfer');
    await storeBatch(tx, this.#batch, this.context);
    await bringForward(tx, this.#clocks);
  }

  #appendChanges(before: SubjectDraft, after: SubjectDraft): number {
    const { catalogue, now } = this.context;
    let { version } = after;
    const entries = permissionChanges(before.view(), after.view(), catalogue, {
      now,
      nextVersion: () => ++version,
      newDecisionId: () => mintId(now),
      cause: 'facts',
      bundleId: null,
      caller: this.caller,
    });
    for (const entry of entries) {
      const index = this.#batch.entries.push(entry) - 1;
      const triple = { subjectId: entry.subjectId, scopeId: entry.scope.id, purposeId: entry.purposeId };
      this.#batch.heads.set(tripleKey(triple), { entry: index, state: after.apply(entry) });
    }
    return entries.length;
  }
}

/** What can be said of a scope, in the shape of an input. */
const variable = (scope: ScopeFacts | undefined): ScopeFacts | undefined =>
  scope && {
    level: scope.level,
    id: scope.id,
    brand: scope.brand ?? null,
    kind: scope.kind ?? null,
    validFrom: scope.validFrom ?? null,
    validUntil: scope.validUntil ?? null,
  };

const comparable = (facts: SubjectFacts | null): object | null =>
  facts && {
    ...facts,
    roles: facts.roles.toSorted(),
    contractStart: facts.contractStart ?? null,
    contractEnd: facts.contractEnd ?? null,
    fullMarketingObjectionAt: facts.fullMarketingObjectionAt ?? null,
  };
