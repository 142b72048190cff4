import { isDeepStrictEqual } from 'node:util';
import { describe, expect, it } from '@jest/globals';
import { type ConsentDecision, decisionFormat } from '@consent/events';
import fc from 'fast-check';
import { decide } from './decide.js';
import { isClosing, isOpening } from './direction.js';
import { evolve } from './evolve.js';
import { permission } from './permission.js';
import { OPT_INS, RUNS, someFacts, somePurpose, step, steps } from './spec-arbitraries.js';
import { command, context, DAY, facts, history, NOW, openPrerequisites, optIn, optOut } from './test-fixtures.js';
import { type LedgerEntry, type Purpose, type SubjectFacts, type TripleState } from './types.js';

const effectiveClosings = (entries: readonly LedgerEntry[]) =>
  entries.filter((e) => e.effective && isClosing(e.status)).map((e) => Math.min(e.decidedAt, e.receivedAt));

const format = decisionFormat();
format.learn(1, format.schema);
/** What a system reads of an entry. */
const asRead = (entry: LedgerEntry): ConsentDecision =>
  format.decode(format.encode(1, { ...entry, committedAt: entry.receivedAt }));

describe('whatever happens', () => {
  it('no sequence of events makes an opt-in purpose allowed without a live grant', () => {
    const later = fc.tuple(someFacts, fc.nat(2_000));
    fc.assert(
      fc.property(steps, fc.constantFrom(...OPT_INS), someFacts, later, (sequence, p, f, [g, days]) => {
        const { entries, state } = history(sequence, p, f);
        const then = permission(p, state, g, NOW + days * DAY, openPrerequisites);
        if (state?.allowed !== true && !then.allowed) return;
        const newestNo = Math.max(-Infinity, ...effectiveClosings(entries));
        const live = entries.some((e) => e.effective && e.status === 'given' && e.decidedAt > newestNo);
        expect(live).toBe(true);
      }),
      RUNS,
    );
  });

  it('a closing is effective at every later time, under whatever facts, until a newer opening', () => {
    const later = fc.tuple(someFacts, fc.nat(3_000));
    fc.assert(
      fc.property(steps, somePurpose, someFacts, later, (sequence, p, f, [g, days]) => {
        const { entries, state } = history(sequence, p, f);
        const last = entries.findLastIndex((e) => e.effective && isClosing(e.status));
        if (last < 0 || entries.slice(last + 1).some((e) => e.effective && isOpening(e.status))) return;
        expect(state?.allowed).toBe(false);
        expect(permission(p, state, g, NOW + days * DAY, openPrerequisites).allowed).toBe(false);
      }),
      RUNS,
    );
  });

  it('any permutation with duplicates of the same decisions ends the same for who applies only what is newer', () => {
    const applyNewer = (held: LedgerEntry | null, e: LedgerEntry) =>
      held !== null && held.version >= e.version ? held : e;
    fc.assert(
      fc.property(
        fc.tuple(steps, somePurpose, someFacts).chain(([sequence, p, f]) => {
          const { entries, state } = history(sequence, p, f);
          const twice = [...entries, ...entries];
          return fc.tuple(fc.constant(state), fc.shuffledSubarray(twice, { minLength: twice.length }));
        }),
        ([state, delivered]) => {
          const held = delivered.reduce(applyNewer, null);
          expect(held?.permission.allowed ?? null).toBe(state?.allowed ?? null);
          expect(held?.version ?? null).toBe(state?.version ?? null);
        },
      ),
      RUNS,
    );
  });

  it('old evidence never opens: not older than, nor as old as, the newest closing', () => {
    fc.assert(
      fc.property(steps, somePurpose, step, (sequence, p, late) => {
        const { entries, state } = history(sequence, p);
        const newestNo = Math.max(-Infinity, ...effectiveClosings(entries));
        if (state === null || state.allowed || (late.decidedAt ?? NOW) > newestNo) return;
        const result = decide(command({ ...late, purposeId: p.id }), state, p, facts(), context());
        if (result.kind === 'decided') expect(result.entry.permission.allowed).toBe(false);
      }),
      RUNS,
    );
  });

  it('what the ledger says, the event carries and a fold of events alone yields is one and the same', () => {
    fc.assert(
      fc.property(steps, somePurpose, someFacts, (sequence, p, f) => {
        const { entries, state } = history(sequence, p, f);
        const events = entries.map(asRead);
        expect(events).toEqual(entries.map((entry) => ({ ...entry, committedAt: entry.receivedAt })));
        expect((events as LedgerEntry[]).reduce<TripleState | null>(evolve, null)).toEqual(state);
        const newest = events.at(-1);
        expect(newest?.permission.allowed).toBe(state?.allowed);
        expect(newest?.direction).toBe(state === null ? undefined : state.allowed ? 'opening' : 'closing');
        if (state !== null) expect(permission(p, state, f, NOW, openPrerequisites).allowed).toBe(state.allowed);
      }),
      RUNS,
    );
  });

  it('replaying under an old catalogue version gives the old answer', () => {
    const moments = fc.array(fc.tuple(step, fc.boolean()), { maxLength: 8 });
    const versions = fc
      .tuple(somePurpose, somePurpose)
      .map(([older, newer]): Record<string, Purpose> => ({ older, newer }));
    fc.assert(
      fc.property(moments, versions, someFacts, (sequence, purposes, f) => {
        const recorded = record(sequence, purposes, f);
        for (const { entry, before } of recorded) {
          const p = purposes[entry.catalogueVersion];
          if (p === undefined) throw new Error('A version that was never published');
          const { version, decisionId, catalogueVersion, receivedAt } = entry;
          const again = decide(
            entry,
            before,
            p,
            f,
            context({ version, decisionId, catalogueVersion, now: receivedAt }),
          );
          expect(isDeepStrictEqual(again, { kind: 'decided', entry })).toBe(true);
        }
      }),
      RUNS,
    );
  });

  it('a no in the words of the choice model is never refused, from no state and under no facts', () => {
    fc.assert(
      fc.property(steps, step, someFacts, fc.boolean(), (sequence, no, f, asOptIn) => {
        const p = asOptIn ? optIn() : optOut();
        const cause = no.cause === 'clock' || no.cause === 'facts' || no.cause === 'catalogue' ? 'person' : no.cause;
        const { state } = history(sequence, p);
        const status = asOptIn ? 'withdrawn' : 'objected';
        const result = decide(command({ ...no, cause: cause ?? 'person', status }), state, p, f, context());
        expect(result).toMatchObject({ kind: 'decided', entry: { effective: true, permission: { allowed: false } } });
      }),
      RUNS,
    );
  });
});

/** Decisions a day apart, the later ones under a newer catalogue, each with the state it was taken in. */
function record(
  sequence: readonly (readonly [Parameters<typeof command>[0], boolean])[],
  purposes: Record<string, Purpose>,
  f: SubjectFacts | null,
) {
  const recorded: { entry: LedgerEntry; before: TripleState | null }[] = [];
  let state: TripleState | null = null;
  let catalogueVersion = 'older';
  let now = NOW;
  for (const [asked, published] of sequence) {
    if (published) catalogueVersion = 'newer';
    now += DAY;
    const p = purposes[catalogueVersion] ?? optIn();
    const at = context({ version: recorded.length + 1, catalogueVersion, now });
    const result = decide(command(asked), state, p, f, at);
    if (result.kind === 'refused') continue;
    recorded.push({ entry: result.entry, before: state });
    state = evolve(state, result.entry);
  }
  return recorded;
}
