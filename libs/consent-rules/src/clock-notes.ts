import { ledgerEntry } from './decide.js';
import { toldEnds } from './ended-categories.js';
import { factsFor, stateIn } from './prerequisites.js';
import { type Catalogue, type LedgerEntry, type Purpose, type Scope, type SubjectView } from './types.js';

/**
 * What falls due and moves no permission: data of some kind may be kept no longer under a purpose (C11), the proof of what
 * ended need be kept no longer (C04, C05), or the legal time to reply to a reasoned objection has passed (C02). It is an
 * entry of the ledger, which says what happened when. Of the first alone systems have something to do.
 */
export type Noted = 'data-retention' | 'proof-retention' | 'reply';
const NOTED: readonly (string | undefined)[] = ['data-retention', 'proof-retention', 'reply'] satisfies Noted[];

/** What an entry notes; null for one that decides, or tells what a rule made of a decision. */
export function notedIn({ cause, attributes }: Pick<LedgerEntry, 'cause' | 'attributes'>): Noted | null {
  const noted = cause === 'clock' ? attributes['fellDue'] : undefined;
  return NOTED.includes(noted) ? (noted as Noted) : null;
}

export interface NoteContext {
  /** Epoch ms, the due moment. */
  at: number;
  /** Epoch ms; becomes receivedAt. */
  now: number;
  version: number;
  decisionId: string;
  caller: string;
  /** What it is about, such as the objection. */
  attributes: Record<string, string>;
}

/** The entry of a note. It repeats what is in force, has no effect, and names no system: nobody has anything to do. */
export function clockNote(
  noted: Exclude<Noted, 'data-retention'>,
  view: SubjectView,
  purpose: Purpose,
  scope: Scope,
  catalogue: Catalogue,
  { at, now, version, decisionId, caller, attributes }: NoteContext,
): LedgerEntry {
  const state = stateIn(view, purpose.id, scope.id);
  if (state === null) throw new Error(`Nothing was decided about ${purpose.id}: there is no ${noted} to note`);
  const facts = factsFor(view, scope);
  const entry = ledgerEntry(
    {
      subjectId: view.subjectId,
      scope,
      purposeId: purpose.id,
      status: state.status,
      cause: 'clock',
      decidedAt: at,
      bundleId: null,
      notice: null,
      evidence: { channel: 'none', actor: 'system', caller, origin: null },
      brand: facts?.brand ?? null,
      attributes: { ...attributes, fellDue: noted, dueAt: new Date(at).toISOString() },
    },
    { allowed: state.allowed, reason: state.reason, nextChangeAt: state.nextChangeAt },
    false,
    purpose,
    facts,
    {
      now,
      version,
      decisionId,
      catalogueVersion: catalogue.version,
      systems: catalogue.systems,
      endedCategories: toldEnds(purpose, state),
    },
  );
  return { ...entry, systems: [] };
}
