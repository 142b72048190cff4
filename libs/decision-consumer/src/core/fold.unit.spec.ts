import { describe, expect, it } from '@jest/globals';
import { type ConsentDecision } from '@consent/events';
import fc from 'fast-check';
import { decision } from '../kit/decision.js';
import { CLUB } from '../spec/club.js';
import { type Arrival, type Replay } from './arrival.js';
import { conclude } from './conclude.js';
import { fold } from './fold.js';
import { type Surroundings } from './guard.js';
import { type HeldState } from './held.js';

const around: Surroundings = {
  floor: 0,
  purposeKnown: true,
  parked: [],
  heldIsParked: false,
  behindUnreadable: new Set(),
};

const arrival = (d: ConsentDecision, replay: Replay | null = null): Arrival => ({
  decision: d,
  record: { topic: 't', partition: 0, offset: 0, timestamp: 0, key: null, value: null, headers: {} },
  replay,
  parkedId: null,
});
const open = (version: number, change: Partial<ConsentDecision> = {}) =>
  decision(CLUB, { purposeId: 'club', version }, { decisionId: `open-${version}`, ...change });
const close = (version: number, change: Partial<ConsentDecision> = {}) =>
  decision(CLUB, { purposeId: 'club', version, closes: true }, { decisionId: `close-${version}`, ...change });
const held = (version: number, allowed: boolean, change: Partial<HeldState> = {}): HeldState => ({
  version,
  decisionId: `${allowed ? 'open' : 'close'}-${version}`,
  allowed,
  outcome: 'applied',
  reason: null,
  effects: [{ effect: 'members welcomed', count: 1 }],
  appliedAt: 77,
  ...change,
});

/** Outcomes by decision, as if every effect had changed something. */
function outcomes(decisions: readonly Arrival[], state: HeldState | null, surroundings = around) {
  const folded = fold(decisions, state, surroundings);
  const unit = { ...folded, triple: { subjectId: 's', scopeId: 'c', purposeId: 'club' }, held: state, parked: [] };
  const applied = [folded.closing, folded.newest].filter((step) => step !== null);
  const counts = new Map(applied.map((step) => [step.decisionId, [{ effect: 'rows', count: 1 }]]));
  const { concluded, states } = conclude([{ unit, applied, failure: null }], counts, 99);
  return {
    steps: applied.map((step) => step.decisionId),
    said: concluded.map((c) => `${c.arrival.decision.decisionId} ${c.outcome}${c.reason ? ` ${c.reason}` : ''}`),
    at: concluded.map((c) => c.appliedAt),
    written: states[0] ?? null,
  };
}

describe('fold', () => {
  it('runs a withdrawal that a new grant followed, then the grant', () => {
    const { steps, said } = outcomes(
      [open(1), close(2), open(3)].map((d) => arrival(d)),
      null,
    );
    expect(steps).toEqual(['close-2', 'open-3']);
    expect(said).toEqual(['open-1 superseded', 'close-2 superseded', 'open-3 applied']);
  });

  it('runs the newest of several closings only', () => {
    expect(
      outcomes(
        [close(1), open(2), close(3)].map((d) => arrival(d)),
        null,
      ).steps,
    ).toEqual(['close-3']);
  });

  it('answers a duplicate with the first time and the first outcome', () => {
    const { steps, said, at } = outcomes([arrival(open(4))], held(4, true, { outcome: 'no_effect' }));
    expect({ steps, said, at }).toEqual({ steps: [], said: ['open-4 no_effect'], at: [77] });
  });

  it('answers what is older than the state held as superseded, at the time of that state', () => {
    const { steps, said, at } = outcomes([arrival(close(3))], held(4, true));
    expect({ steps, said, at }).toEqual({ steps: [], said: ['close-3 superseded'], at: [77] });
  });

  it('answers a duplicate within the chunk like the decision itself', () => {
    const { steps, said } = outcomes([arrival(open(1)), arrival(open(1))], null);
    expect({ steps, said }).toEqual({ steps: ['open-1'], said: ['open-1 applied', 'open-1 applied'] });
  });

  it('lets the closing win when two decisions have one version, whichever came first', () => {
    const first = outcomes([arrival(open(5)), arrival(close(5))], null);
    expect(first.steps).toEqual(['close-5']);
    expect(first.said).toEqual(['open-5 conflict same_version', 'close-5 conflict same_version']);
    const second = outcomes([arrival(close(5)), arrival(open(5))], null);
    expect(second.steps).toEqual(['close-5']);
    expect(second.said).toEqual(['close-5 applied', 'open-5 conflict same_version']);
    const third = outcomes([arrival(close(5))], held(5, true));
    expect(third.steps).toEqual(['close-5']);
    expect(third.written).toMatchObject({ heldVersion: 5, version: 5, allowed: false, outcome: 'conflict' });
    expect(outcomes([arrival(open(5))], held(5, false)).steps).toEqual([]);
  });

  it('does nothing at or below the erasure floor', () => {
    const { steps, said } = outcomes([arrival(open(6)), arrival(open(7))], null, { ...around, floor: 6 });
    expect(steps).toEqual(['open-7']);
    expect(said).toEqual(['open-6 superseded below_floor', 'open-7 applied']);
  });

  it('rejects a purpose without a rule, and treats it as closed', () => {
    const { written, said } = outcomes([arrival(open(1))], null, { ...around, purposeKnown: false });
    expect(said).toEqual(['open-1 rejected no_handler']);
    expect(written).toMatchObject({ allowed: false, outcome: 'rejected' });
  });

  it('keeps a newer grant in force when older evidence arrives, and takes it for a closing where nothing is open', () => {
    const evidence = close(5, { effective: false });
    expect(outcomes([arrival(evidence)], held(4, true))).toMatchObject({ steps: [], said: ['close-5 no_effect'] });
    expect(outcomes([arrival(evidence)], held(4, false)).steps).toEqual(['close-5']);
    expect(outcomes([arrival(open(4)), arrival(evidence)], null).steps).toEqual(['open-4']);
  });

  it('takes a direction that it does not know for a closing', () => {
    expect(outcomes([arrival(open(1, { direction: 'unknown' }))], null).written).toMatchObject({ allowed: false });
  });

  describe('in a repair', () => {
    const repair = (ledgerHead: boolean): Replay => ({ id: 'r', mode: 'repair', ledgerHead });

    it('runs the effects of the version held again', () => {
      expect(outcomes([arrival(close(4), repair(false))], held(4, false)).steps).toEqual(['close-4']);
      expect(outcomes([arrival(open(4), repair(true))], held(4, true)).steps).toEqual(['open-4']);
    });

    it('replaces another decision of the version held', () => {
      expect(outcomes([arrival(open(4), repair(true))], held(4, false)).written).toMatchObject({ allowed: true });
    });

    it('opens only with the newest decision of the ledger', () => {
      const { steps, said } = outcomes([arrival(open(5), repair(false))], held(4, false));
      expect({ steps, said }).toEqual({ steps: [], said: ['open-5 rejected not_ledger_head'] });
    });

    it('acknowledges once more a grant that it holds and the ledger has overtaken, and runs nothing', () => {
      const { steps, said } = outcomes([arrival(open(4), repair(false))], held(4, true));
      expect({ steps, said }).toEqual({ steps: [], said: ['open-4 applied'] });
    });

    it('never goes below the version held', () => {
      expect(outcomes([arrival(close(3), repair(true))], held(4, true)).steps).toEqual([]);
    });
  });

  describe('beside something parked', () => {
    const parked = [
      {
        id: '1',
        subjectId: 's',
        scopeId: 'c',
        purposeId: 'club',
        decisionId: 'p',
        version: 3,
        reason: 'effect_failed',
      },
    ];

    it('lets openings wait and closings pass', () => {
      expect(outcomes([arrival(open(4))], null, { ...around, parked }).said).toEqual([
        'open-4 parked waits_for_parked',
      ]);
      expect(outcomes([arrival(close(4))], null, { ...around, parked }).said).toEqual(['close-4 applied']);
    });

    it('opens again after a closing that supersedes what is parked', () => {
      const { steps } = outcomes([arrival(close(4)), arrival(open(5))], null, { ...around, parked });
      expect(steps).toEqual(['close-4', 'open-5']);
    });

    it('supersedes an opening that waits when a newer closing of the chunk passes', () => {
      const { said } = outcomes([arrival(open(4)), arrival(close(5))], null, { ...around, parked });
      expect(said).toEqual(['open-4 superseded', 'close-5 applied']);
    });

    it('says again that a parked decision is parked, and why', () => {
      const again = open(3, { decisionId: 'p' });
      expect(outcomes([arrival(again)], null, { ...around, parked }).said).toEqual(['p parked effect_failed']);
    });
  });

  it('ends in the same state, with the last closing run, however the decisions are cut into chunks and read again', () => {
    const history = fc.array(fc.boolean(), { minLength: 1, maxLength: 12 });
    // Each read goes back by some and takes some: a crash between commit and acknowledgement, or a restart.
    const reads = fc.array(fc.record({ back: fc.nat(4), take: fc.integer({ min: 1, max: 6 }) }), { maxLength: 12 });
    fc.assert(
      fc.property(history, reads, (openings, cuts) => {
        const all = openings.map((opens, i) => arrival(opens ? open(i + 1) : close(i + 1)));
        let state: HeldState | null = null;
        let position = 0;
        const ran = new Set<string>();
        for (const { back, take } of [...cuts, { back: 2, take: all.length + 2 }]) {
          const from = Math.max(0, position - back);
          position = Math.max(position, from + take);
          const { written, steps } = outcomes(all.slice(from, from + take), state);
          for (const id of steps) ran.add(id);
          if (written === null) continue;
          expect(written.version).toBeGreaterThan(state?.version ?? 0);
          state = { ...written, appliedAt: 0 };
        }
        const last = all.at(-1)?.decision;
        expect(state).toMatchObject({ version: last?.version, allowed: last?.permission.allowed });
        const lastClosing = openings.lastIndexOf(false);
        if (lastClosing >= 0) expect(ran).toContain(`close-${lastClosing + 1}`);
      }),
    );
  });

  it('ends in the same state, whatever order the decisions come in, in which pieces and how often', () => {
    const entry = fc.constantFrom('opens', 'closes', 'evidence');
    const delivered = fc.array(entry, { minLength: 1, maxLength: 8 }).chain((kinds) => {
      const all = recorded(kinds);
      return fc.record({
        newest: fc.constant(all.at(-1)),
        records: fc.shuffledSubarray([...all, ...all], { minLength: 2 * all.length }),
        cuts: fc.array(fc.integer({ min: 1, max: 6 }), { minLength: 16, maxLength: 16 }),
      });
    });
    fc.assert(
      fc.property(delivered, ({ newest, records, cuts }) => {
        let state: HeldState | null = null;
        for (let from = 0, chunk = 0; from < records.length; from += cuts[chunk++] ?? 1) {
          const { written }: ReturnType<typeof outcomes> = outcomes(
            records.slice(from, from + (cuts[chunk] ?? 1)).map((d) => arrival(d)),
            state,
          );
          if (written !== null) state = { ...written, appliedAt: 0 };
        }
        expect(state?.allowed).toBe(newest?.permission.allowed);
      }),
      { numRuns: 10_000 },
    );
  });
});

/** As the ledger numbers them: evidence without effect says again what is in force. */
function recorded(kinds: readonly string[]): ConsentDecision[] {
  let opens = false;
  return kinds.map((kind, i) => {
    if (kind !== 'evidence') opens = kind === 'opens';
    const change = { effective: kind !== 'evidence' || i === 0 };
    return opens ? open(i + 1, change) : close(i + 1, change);
  });
}
