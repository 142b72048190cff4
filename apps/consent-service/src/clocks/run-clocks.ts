import {
  type Catalogue,
  clockChanges,
  type Ending,
  type LedgerEntry,
  nextClock,
  proofUntil,
  type Scope,
  type TripleState,
} from '@consent/consent-rules';
import { type SubjectDraft } from '../subjects/subject-draft.js';

/** An entry of the ledger that may have ended a consent or an objection. */
export interface LedgerEnding extends Ending {
  scope: Scope;
  purposeId: string;
  version: number;
}

/** The proof of what an ending ended, with the moment until which it is kept. Epoch ms. */
export interface Proof {
  ending: LedgerEnding;
  keptUntil: number;
}

export interface DueChange {
  /** The due moment, epoch ms. */
  at: number;
  entry: LedgerEntry;
  /** After the entry. */
  state: TripleState;
}

export interface ClockRun {
  /** In the order of their moments. */
  changes: DueChange[];
  /** Proofs that are needed no longer, those noted earlier among them. */
  proofs: Proof[];
  /** The next moment to look at the subject, after now; null for never. */
  nextDueAt: number | null;
}

export interface ClockRunContext {
  catalogue: Catalogue;
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
  endings: readonly LedgerEnding[],
  from: number,
  { catalogue, now, newDecisionId }: ClockRunContext,
): ClockRun {
  const changes: DueChange[] = [];
  let at = nextClock(subject.view(), catalogue, from);
  for (; at !== null && at <= now; at = nextClock(subject.view(), catalogue, at + 1)) {
    let { version } = subject;
    const entries = clockChanges(subject.view(), catalogue, at, {
      now,
      nextVersion: () => ++version,
      newDecisionId,
      caller: CALLER,
    });
    for (const entry of entries) changes.push({ at, entry, state: subject.apply(entry) });
  }
  const proofs = [...endings, ...changes.map(({ entry }) => entry)].flatMap((ending): Proof[] => {
    const purpose = catalogue.purposes.get(ending.purposeId);
    const keptUntil = purpose ? proofUntil(purpose, ending) : null;
    return keptUntil === null ? [] : [{ ending, keptUntil }];
  });
  const later = [at ?? [], proofs.map(({ keptUntil }) => keptUntil).filter((moment) => moment > now)].flat();
  return {
    changes,
    proofs: proofs.filter(({ keptUntil }) => keptUntil <= now),
    nextDueAt: later.length === 0 ? null : later.reduce((a, b) => Math.min(a, b)),
  };
}
