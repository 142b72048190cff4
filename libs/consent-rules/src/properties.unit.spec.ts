import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { decide } from './decide.js';
import { isClosing, isOpening } from './direction.js';
import { evolve } from './evolve.js';
import { permission } from './permission.js';
import {
  command,
  context,
  DAY,
  facts,
  history,
  motivated,
  NOW,
  openPrerequisites,
  optIn,
  optOut,
} from './test-fixtures.js';
import {
  type Cause,
  type DecideCommand,
  type LedgerEntry,
  type Purpose,
  type Status,
  type TripleState,
} from './types.js';

const RUNS = { numRuns: 10_000 };

const STATUSES: Status[] = [
  'requested',
  'given',
  'refused',
  'withdrawn',
  'expired',
  'revoked',
  'objected',
  'objection_submitted',
  'objection_rejected',
  'objection_lifted',
];
const CAUSES: Cause[] = [
  'person',
  'guardian',
  'agent',
  'operator',
  'authority',
  'clock',
  'catalogue',
  'facts',
  'import',
];
const origin = { system: 'crm', eventId: '1' };

const step: fc.Arbitrary<Partial<DecideCommand>> = fc.record({
  status: fc.constantFrom(...STATUSES),
  cause: fc.oneof({ weight: 3, arbitrary: fc.constant<Cause>('person') }, fc.constantFrom(...CAUSES)),
  // Days around now, so that old evidence, equal moments and clocks that run ahead all occur.
  decidedAt: fc.integer({ min: -6, max: 2 }).map((days) => NOW + days * DAY),
  evidence: fc
    .boolean()
    .map((known) => ({ channel: 'c', actor: 'self' as const, caller: 'x', origin: known ? origin : null })),
});
const steps = fc.array(step, { maxLength: 12 });
const someFacts = fc.option(
  fc.record({
    brand: fc.constantFrom('proximus', 'scarlet', 'other', null),
    roles: fc.subarray(['prospect', 'customer', 'ex-customer'] as const),
    minor: fc.constantFrom(true, false, null),
    contractEnd: fc.option(fc.integer({ min: -9, max: 9 }).map((days) => NOW + days * DAY)),
    fullMarketingObjectionAt: fc.option(fc.integer({ min: -9, max: 0 }).map((days) => NOW + days * DAY)),
  }),
  { freq: 6 },
);
const somePurpose: fc.Arbitrary<Purpose> = fc.constantFrom(
  optIn(),
  optOut({ ownMarketing: true }),
  motivated(),
  optIn({ profiling: true, ownMarketing: true, brands: ['proximus'], excludedBrands: ['scarlet'] }),
  optIn({ clocks: [{ from: 'contract-end', period: 'PT0S', frozen: false, decision: 'C07' }] }),
);

const effectiveClosings = (entries: readonly LedgerEntry[]) =>
  entries.filter((e) => e.effective && isClosing(e.status)).map((e) => Math.min(e.decidedAt, e.receivedAt));

describe('whatever happens', () => {
  it('no sequence makes an opt-in purpose allowed without a grant newer than every closing', () => {
    fc.assert(
      fc.property(steps, someFacts, (sequence, f) => {
        const { entries, state } = history(sequence, optIn(), f);
        if (state?.allowed !== true) return;
        const newestNo = Math.max(-Infinity, ...effectiveClosings(entries));
        const live = entries.some(
          (e) => e.effective && e.status === 'given' && e.decidedAt > newestNo && e.cause !== 'operator',
        );
        expect(live).toBe(true);
      }),
      RUNS,
    );
  });

  it('a closing holds at every later time until a newer opening', () => {
    fc.assert(
      fc.property(steps, somePurpose, fc.nat(3_000), (sequence, p, days) => {
        const { entries, state } = history(sequence, p);
        const last = entries.findLastIndex((e) => e.effective && isClosing(e.status));
        if (last < 0 || entries.slice(last + 1).some((e) => e.effective && isOpening(e.status))) return;
        expect(state?.allowed).toBe(false);
        expect(permission(p, state, facts(), NOW + days * DAY, openPrerequisites).allowed).toBe(false);
      }),
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

  it('what the ledger holds, the event carries and a fold of events yields is one and the same', () => {
    fc.assert(
      fc.property(steps, somePurpose, someFacts, (sequence, p, f) => {
        const { entries, state } = history(sequence, p, f);
        const folded = entries.reduce<TripleState | null>(evolve, null);
        expect(folded).toEqual(state);
        const newest = entries.at(-1);
        expect(newest?.permission.allowed).toBe(state?.allowed);
        expect(newest?.direction).toBe(state === null ? undefined : state.allowed ? 'opening' : 'closing');
        if (state !== null) expect(permission(p, state, f, NOW, openPrerequisites).allowed).toBe(state.allowed);
      }),
      RUNS,
    );
  });

  it('any order with any duplicates ends the same for who applies only what is newer', () => {
    const applyNewer = (held: LedgerEntry | null, e: LedgerEntry) =>
      held !== null && held.version >= e.version ? held : e;
    fc.assert(
      fc.property(
        steps.chain((sequence) => {
          const { entries, state } = history(sequence, optOut());
          const delivered = fc.shuffledSubarray([...entries, ...entries], { minLength: entries.length });
          return fc.tuple(fc.constant({ entries, state }), delivered);
        }),
        ([{ entries, state }, delivered]) => {
          const held = [...delivered, ...entries].reduce(applyNewer, null);
          expect(held?.permission.allowed ?? null).toBe(state?.allowed ?? null);
          expect(held?.version ?? null).toBe(state?.version ?? null);
        },
      ),
      RUNS,
    );
  });
});
