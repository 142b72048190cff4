import {
  type Catalogue,
  nextFactClock,
  permissionChanges,
  type ScopeFacts,
  type SubjectFacts,
} from '@consent/consent-rules';
import { tripleKey } from '@consent/events';
import { type Transaction } from '@consent/postgres';
import { bringForward } from '../clocks/due-subjects.js';
import { type FactsInput } from '../http/schemas/facts-input.js';
import { type DecidedBatch } from '../record/decide-batch.js';
import { mintId } from '../ledger/mint-id.js';
import { type Refusal } from '../record/refusal.js';
import { type RecordContext, storeBatch } from '../record/record-decisions.js';
import { lockSubjects } from '../subjects/lock-subjects.js';
import { readStates } from '../subjects/read-states.js';
import { readSubjectScopes } from '../subjects/read-subject-scopes.js';
import { claimScopes, type OwnedScope, readScopes } from '../subjects/scopes.js';
import { SubjectDraft } from '../subjects/subject-draft.js';
import { storeFacts, updateScopes } from './store-facts.js';

/** What became of one subject's facts: the permissions that changed with them, or why they were not taken. */
export type FactsOutcome = { kind: 'stored'; changes: number } | { kind: 'refused'; refusal: Refusal };

/**
 * Registers facts, and appends the entries that follow from them: permissions that open or close without a decision.
 * Answers each input in order; of several for one subject each replaces the one before.
 */
export async function putFacts(
  tx: Transaction,
  inputs: readonly FactsInput[],
  caller: string,
  context: RecordContext,
): Promise<FactsOutcome[]> {
  const subjectIds = new Set(inputs.map(({ subjectId }) => subjectId));
  const locked = await lockSubjects(tx, subjectIds);
  const owners = await readScopes(tx, new Set(inputs.flatMap(({ scopes }) => scopes.map(({ id }) => id))));
  const held = Map.groupBy(await readSubjectScopes(tx, subjectIds), ({ subjectId }) => subjectId);
  const states = await readStates(tx, [], subjectIds);
  const drafts = new Map(
    [...locked].map(([id, { version, facts }]) => [
      id,
      new SubjectDraft(id, version, facts, held.get(id) ?? [], states.get(id) ?? []),
    ]),
  );

  const batch: Pick<DecidedBatch, 'entries' | 'heads' | 'claims'> = { entries: [], heads: new Map(), claims: [] };
  const claims = new Map<string, OwnedScope>();
  const changed = new Map<string, OwnedScope>();
  const latest = new Map<string, FactsInput>();
  const outcomes = inputs.map((input): FactsOutcome => {
    const { subjectId } = input;
    const refusal = foreignScope(input, owners, claims);
    if (refusal) return { kind: 'refused', refusal };
    const before = drafts.get(subjectId);
    if (!before) throw new Error(`Subject ${subjectId} was not locked`);
    const scopes = input.scopes.map(({ level, id, brand, kind }) => ({
      level,
      id,
      brand: brand ?? null,
      kind: kind ?? null,
    }));
    for (const scope of scopes) (owners.has(scope.id) ? changed : claims).set(scope.id, { ...scope, subjectId });
    const after = before.withFacts(factsAfter(input, before.facts), mergeScopes(before.scopes, scopes));
    drafts.set(subjectId, after);
    latest.set(subjectId, input);
    return { kind: 'stored', changes: appendChanges(batch, before, after, caller, context) };
  });

  await claimScopes(tx, [...claims.values()]);
  await updateScopes(tx, [...changed.values()]);
  await storeFacts(tx, [...latest.values()]);
  await storeBatch(tx, batch, context);
  await bringForward(tx, factClocks([...latest.values()], context));
  return outcomes;
}

/** When what is open by default will next close by itself, of each subject whose contract has an end. */
const factClocks = (
  inputs: readonly FactsInput[],
  { catalogue, now }: { catalogue: Catalogue; now: number },
): Map<string, number> =>
  new Map(
    inputs.flatMap(({ subjectId, contractEnd = null }) => {
      const at = nextFactClock({ contractEnd }, catalogue, now + 1);
      return at === null ? [] : [[subjectId, at] as const];
    }),
  );

/** A person without decisions, of whom nothing was known, has nothing that could change. */
function appendChanges(
  batch: Pick<DecidedBatch, 'entries' | 'heads'>,
  before: SubjectDraft,
  after: SubjectDraft,
  caller: string,
  { catalogue, now }: { catalogue: Catalogue; now: number },
): number {
  if (before.facts === null && before.version === 0) return 0;
  let { version } = after;
  const entries = permissionChanges(before.view(), after.view(), catalogue, {
    now,
    nextVersion: () => ++version,
    newDecisionId: () => mintId(now),
    cause: 'facts',
    bundleId: null,
    caller,
  });
  for (const entry of entries) {
    const index = batch.entries.push(entry) - 1;
    const triple = { subjectId: entry.subjectId, scopeId: entry.scope.id, purposeId: entry.purposeId };
    batch.heads.set(tripleKey(triple), { entry: index, state: after.apply(entry) });
  }
  return entries.length;
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

const mergeScopes = (held: readonly ScopeFacts[], given: readonly ScopeFacts[]): ScopeFacts[] => [
  ...new Map([...held, ...given].map((scope) => [scope.id, scope])).values(),
];

function foreignScope(
  input: FactsInput,
  owners: ReadonlyMap<string, OwnedScope>,
  claims: ReadonlyMap<string, OwnedScope>,
): Refusal | null {
  for (const { id, level } of input.scopes) {
    const owner = owners.get(id) ?? claims.get(id);
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
  }
  return null;
}
