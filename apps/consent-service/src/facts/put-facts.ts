import { type ScopeFacts, type SubjectFacts } from '@consent/consent-rules';
import { type Transaction } from '@consent/postgres';
import { type FactsInput } from '../http/schemas/facts-input.js';
import { type RecordContext } from '../record/record-decisions.js';
import { type Refusal, subjectIsScope } from '../record/refusal.js';
import { type OwnedScope, readScopes } from '../subjects/scopes.js';
import { FactsBatch } from './facts-batch.js';
import { HeldContexts } from './held-contexts.js';
import { lockFacts } from './lock-facts.js';
import { type FactsChannel } from './store-facts.js';

/** What became of one subject's facts: the permissions that changed with them, or why they were not taken. */
export type FactsOutcome =
  { kind: 'stored'; factsVersion: number; changes: number } | { kind: 'refused'; refusal: Refusal };

/**
 * Registers facts, and appends the entries that follow from them: permissions that open or close without a decision.
 * Answers each input in order; of several for one subject each replaces the one before.
 */
export async function putFacts(
  tx: Transaction,
  inputs: readonly FactsInput[],
  { caller, channel }: { caller: string; channel: FactsChannel },
  context: RecordContext,
): Promise<FactsOutcome[]> {
  const drafts = await lockFacts(tx, new Set(inputs.map(({ subjectId }) => subjectId)));
  const owners = await readScopes(
    tx,
    new Set(inputs.flatMap(({ subjectId, scopes }) => [subjectId, ...scopes.map(({ id }) => id)])),
  );
  const contexts = await HeldContexts.read(tx, drafts);
  const batch = new FactsBatch(caller, channel, context);
  const outcomes = inputs.map((input): FactsOutcome => {
    const refusal = contexts.refusal(input) ?? scopesRefusal(input, (id) => owners.get(id) ?? batch.claimOf(id));
    if (refusal) return { kind: 'refused', refusal };
    const before = drafts.get(input.subjectId);
    if (!before) throw new Error(`Subject ${input.subjectId} was not locked`);
    const known = new Map(before.subject.scopes.map((scope) => [scope.id, scope]));
    const scopes = input.scopes.map((scope) => scopeAfter(scope, known.get(scope.id)));
    const after = batch.move(before, factsAfter(input, before.subject.facts), scopes);
    drafts.set(input.subjectId, after);
    contexts.hold(input.subjectId, input.roles);
    return { kind: 'stored', factsVersion: after.factsVersion, changes: after.changes };
  });
  await batch.store(tx);
  return outcomes;
}

/** An objection to all marketing is a decision, not a fact that a source could take back. */
const factsAfter = (input: FactsInput, before: SubjectFacts | null): SubjectFacts => ({
  brand: input.brand,
  roles: input.roles,
  minor: input.minor,
  contractStart: input.contractStart ?? null,
  contractEnd: input.contractEnd ?? null,
  fullMarketingObjectionAt: before?.fullMarketingObjectionAt ?? null,
});

/** A scope keeps its brand unless the source says another: an account is not of the person's brand for want of a word. */
const scopeAfter = (
  { level, id, brand, kind, validFrom, validUntil }: FactsInput['scopes'][number],
  before: ScopeFacts | undefined,
): ScopeFacts => ({
  level,
  id,
  brand: (brand === undefined ? before?.brand : brand) ?? null,
  kind: kind ?? null,
  validFrom: validFrom ?? null,
  validUntil: validUntil ?? null,
});

function scopesRefusal(input: FactsInput, ownerOf: (scopeId: string) => OwnedScope | undefined): Refusal | null {
  const asScope = ownerOf(input.subjectId);
  if (asScope && asScope.level !== 'person') return subjectIsScope(input.subjectId, asScope.level);
  for (const { id, level } of input.scopes) {
    const owner = ownerOf(id);
    if (owner && owner.subjectId !== input.subjectId)
      return {
        code: 'scope_belongs_to_another_subject',
        message: `Scope ${id} belongs to another subject, and does so for ever; expected a new id`,
      };
    if (id === input.subjectId || (owner && owner.level !== level))
      return {
        code: 'scope_level_differs',
        message: `Scope ${id} is known as ${owner?.level ?? 'person'}; found level ${level}`,
      };
    if (owner?.transferredTo)
      return {
        code: 'scope_transferred',
        message: `Scope ${id} has passed to another holder and ended for good; expected facts without it`,
      };
  }
  return null;
}
