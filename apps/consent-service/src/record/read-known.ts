import { type Catalogue, type DecideCommand, type Purpose } from '@consent/consent-rules';
import { type Transaction } from '@consent/postgres';
import { readRecorders } from '../objections/read-recorders.js';
import { type LockedSubject, lockSubjects } from '../subjects/lock-subjects.js';
import { readStates } from '../subjects/read-states.js';
import { readSubjectScopes } from '../subjects/read-subject-scopes.js';
import { type OwnedScope, readScopes } from '../subjects/scopes.js';
import { SubjectDraft } from '../subjects/subject-draft.js';
import { readBundleClosings } from './bundle-closings.js';
import { type Known, purposeMatters } from './decide-batch.js';
import { findEchoes } from './find-echoes.js';

/**
 * Locks the subjects of the commands, then reads what deciding them needs, a query for each question, all in one round
 * trip: each query sees what was committed when the locks were had. One more trip where a command is the first to name a
 * scope.
 * @param gone as of `RecordContext`
 */
export async function readKnown(
  tx: Transaction,
  catalogue: Catalogue,
  commands: readonly DecideCommand[],
  gone: ReadonlyMap<string, Purpose> = new Map(),
): Promise<Known> {
  const concerned = commands.filter(({ purposeId }) => catalogue.purposes.has(purposeId) || gone.has(purposeId));
  const whole = new Set(
    concerned.flatMap(({ subjectId, purposeId }) => {
      const purpose = catalogue.purposes.get(purposeId);
      return purpose && purposeMatters(purpose, catalogue) ? [subjectId] : [];
    }),
  );
  const [locked, scopes, states, echoes, ofWhole, objections, bundleClosings] = await Promise.all([
    lockSubjects(tx, new Set(concerned.map(({ subjectId }) => subjectId))),
    readScopes(tx, new Set(concerned.flatMap(({ scope }) => (scope.level === 'person' ? [] : [scope.id])))),
    readStates(
      tx,
      concerned.map(({ subjectId, scope, purposeId }) => ({ subjectId, scopeId: scope.id, purposeId })),
      whole,
    ),
    findEchoes(tx, commands),
    readSubjectScopes(tx, whole),
    readRecorders(tx, commands),
    readBundleClosings(tx, concerned),
  ]);
  const widened = new Set(namingFirst(concerned, scopes, locked).filter((id) => !whole.has(id)));
  const [statesOfWidened, scopesOfWidened, asScopes] = await Promise.all([
    readStates(tx, [], widened),
    readSubjectScopes(tx, widened),
    readScopes(tx, firstHeardOf(locked)),
  ]);
  const scopesOf = bySubject([...scopes.values(), ...ofWhole, ...scopesOfWidened]);
  const subjects = new Map(
    [...locked].map(([id, { version, facts }]) => [
      id,
      new SubjectDraft(id, version, facts, scopesOf.get(id) ?? [], statesOfWidened.get(id) ?? states.get(id) ?? []),
    ]),
  );
  return { subjects, scopes: new Map([...asScopes, ...scopes]), echoes, objections, bundleClosings };
}

/** Their ids may be those of somebody's scopes. */
const firstHeardOf = (locked: ReadonlyMap<string, LockedSubject>): Set<string> =>
  new Set([...locked].flatMap(([id, { version, facts }]) => (version === 0 && facts === null ? [id] : [])));

/** Subjects of whom something is known and that get a scope: what is open by default in it may hang on all they have. */
const namingFirst = (
  commands: readonly DecideCommand[],
  scopes: ReadonlyMap<string, OwnedScope>,
  locked: ReadonlyMap<string, LockedSubject>,
): string[] =>
  commands
    .filter(({ scope }) => scope.level !== 'person' && !scopes.has(scope.id))
    .map(({ subjectId }) => subjectId)
    .filter((id) => (locked.get(id)?.facts ?? null) !== null);

function bySubject(scopes: readonly OwnedScope[]): Map<string, OwnedScope[]> {
  const unique = new Map(scopes.filter(({ level }) => level !== 'person').map((scope) => [scope.id, scope]));
  return Map.groupBy(unique.values(), ({ subjectId }) => subjectId);
}
