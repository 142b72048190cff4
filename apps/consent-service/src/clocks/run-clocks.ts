import {
  type Catalogue,
  clockChanges,
  clockNote,
  earliest,
  endedAt,
  type Ending,
  followsFromRule,
  historyUntil,
  type LedgerEntry,
  nextClock,
  type Noted,
  proofAfter,
  proofUntil,
  type Purpose,
  type Scope,
  type Status,
  type TripleState,
} from '@consent/consent-rules';
import { type GonePurpose } from '../catalogue/gone-purposes.js';
import { type OpenReply } from '../objections/overdue-replies.js';
import { type SubjectDraft } from '../subjects/subject-draft.js';

/** An entry of the ledger that may have ended a consent or an objection. */
export interface LedgerEnding extends Ending {
  scope: Scope;
  purposeId: string;
  version: number;
  /** When the newest yes before it was decided, epoch ms; null where there was none. */
  yesAt: number | null;
}

/** The proof of what an ending ended, with the moment of that and the one until which it is kept. Epoch ms. */
export interface Proof {
  ending: LedgerEnding;
  endedAt: number;
  keptUntil: number;
}

export interface DueEntry {
  /** The due moment, epoch ms. */
  at: number;
  entry: LedgerEntry;
  /** After the entry; null for a note, which moves nothing. */
  state: TripleState | null;
}

export interface ClockRun {
  /** In the order of their moments. */
  entries: DueEntry[];
  /** Proofs that are needed no longer. */
  proofs: Proof[];
  /** Objections whose reply is late. */
  late: OpenReply[];
  /** The next moment to look at the subject, after now; null for never. */
  nextDueAt: number | null;
}

/** What waits for its moment beside the permissions. */
export interface Waiting {
  /** Endings whose proof is still kept. */
  endings: readonly LedgerEnding[];
  replies: readonly OpenReply[];
}

export interface ClockRunContext {
  catalogue: Catalogue;
  /** Purposes that have left the catalogue, by id. */
  gone: ReadonlyMap<string, GonePurpose>;
  /** Epoch ms. */
  now: number;
  newDecisionId: () => string;
}

/** As the evidence of what happens by itself names it. */
const CALLER = 'consent-service';

/**
 * Everything of one subject that is due up to now, each at its own moment. Pure; the draft takes it in.
 * @param from the subject's due moment: all before it has been done
 */
export function runClocks(
  subject: SubjectDraft,
  { endings, replies }: Waiting,
  from: number,
  { catalogue, gone, now, newDecisionId }: ClockRunContext,
): ClockRun {
  const run: ClockRun = { entries: [], proofs: [], late: [], nextDueAt: null };
  const purposeOf = (id: string): Purpose | undefined => catalogue.purposes.get(id) ?? gone.get(id)?.purpose;
  const proofOf = (ending: LedgerEnding): Proof[] => {
    const purpose = purposeOf(ending.purposeId);
    if (purpose === undefined) return [];
    const passedOn = objectionOver(subject, ending);
    if (passedOn !== null) return [{ ending, endedAt: passedOn, keptUntil: historyUntil(passedOn) }];
    const wentAt = gone.get(ending.purposeId)?.goneAt ?? null;
    // A request, which nobody can answer any more, as what was given.
    const stood = isInForce(subject, ending, 'given') || isInForce(subject, ending, 'requested');
    const over = wentAt !== null && stood ? Math.max(wentAt, ending.decidedAt) : null;
    const keptUntil = over === null ? proofUntil(purpose, ending, ending.yesAt) : proofAfter(purpose, over);
    return keptUntil === null ? [] : [{ ending, endedAt: over ?? endedAt(ending, ending.yesAt), keptUntil }];
  };
  const kept = endings.flatMap(proofOf);

  const change = (at: number): void => {
    let { version } = subject;
    const context = { now, nextVersion: () => ++version, newDecisionId, caller: CALLER };
    for (const entry of clockChanges(subject.view(), catalogue, at, context)) {
      run.entries.push({ at, entry, state: subject.apply(entry) });
      kept.push(...proofOf({ ...entry, yesAt: null }));
    }
  };
  const note = (
    at: number,
    noted: Exclude<Noted, 'data-retention'>,
    about: OpenReply | LedgerEnding,
    attributes: Record<string, string>,
  ) => {
    const purpose = purposeOf(about.purposeId);
    if (!purpose) return;
    const context = { at, now, version: subject.version + 1, decisionId: newDecisionId(), caller: CALLER, attributes };
    const entry = clockNote(noted, subject.view(), purpose, about.scope, catalogue, context);
    subject.apply(entry);
    run.entries.push({ at, entry, state: null });
  };

  let moment = from;
  for (;;) {
    const changesAt = nextClock(subject.view(), catalogue, moment);
    const waiting = [
      ...kept.filter((proof) => !run.proofs.includes(proof)).map(({ keptUntil }) => keptUntil),
      ...replies.filter((reply) => !run.late.includes(reply)).map(({ replyBy }) => replyBy),
    ];
    const at = earliest([changesAt, ...waiting]);
    if (at === null || at > now) return { ...run, nextDueAt: at };
    if (changesAt === at) {
      change(at);
      moment = at + 1;
    }
    for (const proof of kept) {
      if (proof.keptUntil !== at || run.proofs.includes(proof)) continue;
      run.proofs.push(proof);
      note(at, 'proof-retention', proof.ending, { endedByVersion: String(proof.ending.version) });
    }
    for (const reply of replies) {
      if (reply.replyBy !== at || run.late.includes(reply)) continue;
      run.late.push(reply);
      note(at, 'reply', reply, { objection: reply.objectionId });
    }
  }
}

/** When the scope was passed on of the objection in force there, which suppresses nothing any more (C05), epoch ms; null of any other entry. */
function objectionOver(subject: SubjectDraft, ending: LedgerEnding): number | null {
  if (!isInForce(subject, ending, 'objected')) return null;
  const { validUntil = null } = subject.scopes.find(({ id }) => id === ending.scope.id) ?? {};
  return validUntil === null ? null : Math.max(validUntil, endedAt(ending, null));
}

/** Whether an entry is the word of the person that stands, of that status. */
function isInForce(subject: SubjectDraft, entry: LedgerEnding, status: Status): boolean {
  if (entry.status !== status || followsFromRule(entry)) return false;
  const state = subject.stateOf(entry.scope.id, entry.purposeId);
  return state?.status === status && state.decidedAt === entry.decidedAt;
}
