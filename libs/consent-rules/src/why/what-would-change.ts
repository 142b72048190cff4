import { permissionIn, scopesFor } from '../prerequisites.js';
import { type Purpose, type Scope } from '../types.js';
import { questionAfter } from './apply-changes.js';
import { type Change, type Counterfactual, type Question } from './explanation.js';
import { gatePurposes } from './gate-purposes.js';
import { permissionAt } from './permission-at.js';
import { possibleChanges } from './possible-changes.js';
import { counterfactualSentence } from './sentences.js';

/** More things than this at once are no advice any more. */
const MOST_CHANGES = 5;

interface Tried {
  changes: readonly Change[];
  /** What stands in the way, or speaks for it: a further change must move this to be worth a try. */
  because: string;
}

/**
 * What would have to happen for the answer to turn round, found by trying: every possible change is applied and the
 * rules are asked again. Changes that do not turn it alone are tried together, as long as each moves the reason.
 */
export function whatWouldChange(question: Question): Counterfactual[] {
  const possible = possibleChanges(question);
  const { allowed } = permissionAt(question);
  const found: Counterfactual[] = [];
  let frontier: Tried[] = [{ changes: [], because: '' }];
  for (let size = 1; size <= MOST_CHANGES && frontier.length > 0; size++) {
    const next: Tried[] = [];
    const seen = new Set<string>();
    for (const { changes: before, because } of frontier) {
      for (const change of possible) {
        if (before.some((other) => excludes(other, change))) continue;
        const changes = possible.filter((one) => one === change || before.includes(one));
        const key = changes.map((one) => possible.indexOf(one)).join();
        if (seen.has(key) || found.some((shorter) => isWithin(shorter.changes, changes))) continue;
        seen.add(key);
        const then = questionAfter(question, changes);
        if (then === null) continue;
        const permission = permissionAt(then);
        if (permission.allowed !== allowed) found.push(counterfactual(changes, permission, question));
        else if (size === 1 || reasonOf(then) !== because) {
          next.push({ changes, because: reasonOf(then) });
          const waited = afterWaiting(question, changes, permission.nextChangeAt, possible);
          const turned = waited !== null && waited.permission.allowed !== allowed;
          if (turned && !found.some((shorter) => isWithin(shorter.changes, waited.changes))) found.push(waited);
        }
      }
    }
    frontier = next;
  }
  return found;
}

/**
 * Changes that turn the answer only some time later, as a window opens or a scope becomes the person's: with the moment they
 * bring; null where they bring none, or one that is to come, or is as good, without them.
 */
function afterWaiting(
  question: Question,
  changes: readonly Change[],
  at: number | null,
  possible: readonly Change[],
): Counterfactual | null {
  if (at === null || possible.some((one) => one.kind === 'moment' && one.at === at)) return null;
  if (changes.some(({ kind }) => kind === 'moment')) return null;
  const moment = { kind: 'moment', at } as const;
  const all = [...changes, moment];
  const then = questionAfter(question, all);
  const without = questionAfter(question, [moment]);
  if (then === null || without === null) return null;
  const permission = permissionAt(then);
  if (permissionAt(without).allowed === permission.allowed) return null;
  return counterfactual(all, permission, question);
}

/** What has to happen, in the order in which it was tried: facts, which are told at once, what is said under them, and time. */
const counterfactual = (
  changes: readonly Change[],
  permission: Counterfactual['permission'],
  question: Question,
): Counterfactual => ({
  changes: changes.toSorted((one, other) => turn(one) - turn(other)),
  permission,
  sentence: counterfactualSentence(changes, question),
});

const turn = ({ kind }: Change): number => ['decision', 'moment'].indexOf(kind);

const isWithin = (some: readonly Change[], all: readonly Change[]): boolean =>
  some.every((one) =>
    all.some((other) => one === other || (one.kind === 'moment' && other.kind === 'moment' && one.at === other.at)),
  );

/** Two changes of one thing, where the second would undo the first; and a contract of who is a former customer, which makes a customer. */
function excludes(one: Change, other: Change): boolean {
  if ((isFormer(one) && begins(other)) || (begins(one) && isFormer(other))) return true;
  if (one.kind === 'decision' && other.kind === 'decision')
    return one.purposeId === other.purposeId && one.scope.id === other.scope.id;
  if (one.kind === 'brand' && other.kind === 'brand') return one.scope.id === other.scope.id;
  return one.kind === other.kind;
}

const isFormer = (change: Change): boolean => change.kind === 'role' && change.to === 'ex-customer';
const begins = (change: Change): boolean => change.kind === 'contract' && change.to === 'begins';

/** The reason with, where prerequisites or what opens a kind of data are closed, their reasons. */
function reasonOf(question: Question): string {
  const { view, catalogue, at, category } = question;
  const each = (purposes: readonly Purpose[], scope: Scope): string =>
    purposes
      .map(
        (p) =>
          `(${scopesFor(view, p, scope)
            .map((s) => of(p, s))
            .join()})`,
      )
      .join('');
  const of = (purpose: Purpose, scope: Scope): string => {
    const { reason } = permissionIn(view, catalogue, purpose, scope, at);
    if (reason !== 'prerequisite_closed') return reason;
    return each(
      purpose.dependsOn.flatMap((id) => catalogue.purposes.get(id) ?? []),
      scope,
    );
  };
  const { reason } = permissionAt(question);
  return reason === 'category_barred'
    ? `${reason}${each(gatePurposes(question.purpose, category, catalogue), question.scope)}`
    : of(question.purpose, question.scope);
}
