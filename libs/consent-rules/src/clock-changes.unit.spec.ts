import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { addPeriod } from './calendar.js';
import { clockChanges, clockOf, nextClock } from './clock-changes.js';
import { proofUntil } from './consent-proof.js';
import { firstMissedEnd } from './data-retention.js';
import { decide } from './decide.js';
import { evolve } from './evolve.js';
import { followersOf } from './followers.js';
import { permissionChanges } from './permission-changes.js';
import { othersOf, permissionIn, stateIn } from './prerequisites.js';
import {
  command,
  context,
  DAY,
  facts,
  motivated,
  NOW,
  optIn,
  optOut,
  SUBJECT,
  SYSTEM_DEADLINES,
} from './test-fixtures.js';
import { type Catalogue, type LedgerEntry, type Purpose, type Scope, type Status, type SubjectView } from './types.js';

const person: Scope = { level: 'person', id: SUBJECT };
const contract = (period: string, decision: string, frozen = false) => [
  { from: 'contract-end' as const, period, frozen, decision },
];
const purposes = [
  optIn({ id: 'prospect', clocks: [{ from: 'consent', period: 'P3Y', frozen: false, decision: 'C06' }] }),
  optIn({ id: 'partner', dependsOn: ['prospect'] }),
  optIn({
    id: 'ads',
    clocks: contract('PT0S', 'C07'),
    dataClocks: [
      { category: 'contact', period: 'PT0S', perItem: null, formerly: null },
      { category: 'habits', period: 'P1Y', perItem: null, formerly: null },
    ],
  }),
  optIn({ id: 'tailored', clocks: contract('P5Y', 'C08', true) }),
  optOut({ id: 'line-offers', scopeLevel: 'line' }),
  optIn({ id: 'by-line', dependsOn: ['line-offers'] }),
  optOut({
    id: 'campaign',
    roles: ['customer', 'ex-customer'],
    clocks: contract('P5Y', 'C68'),
    dataClocks: [{ category: 'interactions', period: 'P2Y', perItem: null, formerly: null }],
  }),
];
const catalogue: Catalogue = {
  version: '2026-11-24.000000000000',
  purposes: new Map(purposes.map((p) => [p.id, p])),
  dependants: new Map([['prospect', purposes.filter(({ id }) => id === 'partner')]]),
  notices: [],
  bundles: new Map(),
  confirmWithin: new Map(),
  dataCategories: new Map(),
  systems: SYSTEM_DEADLINES,
};
const view = (contractEnd: number | null = null): SubjectView => ({
  subjectId: SUBJECT,
  facts: facts({ contractEnd }),
  scopes: [],
  states: [],
});

function taken(v: SubjectView, entry: LedgerEntry): SubjectView {
  const { purposeId, scope } = entry;
  const states = v.states.filter((held) => held.purposeId !== purposeId);
  return { ...v, states: [...states, { scope, purposeId, state: evolve(stateIn(v, purposeId, scope.id), entry) }] };
}

/** The view after the person decided, and after what follows from it. */
function decided(v: SubjectView, purposeId: string, status: Status, at: number): SubjectView {
  const others = othersOf(v, catalogue, person, at);
  const result = decide(
    command({ purposeId, status, decidedAt: at }),
    stateIn(v, purposeId, SUBJECT),
    catalogue.purposes.get(purposeId) as Purpose,
    v.facts,
    context({ ...others, now: at }),
  );
  if (result.kind === 'refused') return v;
  const after = taken(v, result.entry);
  return permissionChanges(v, after, catalogue, {
    now: at,
    nextVersion: () => 0,
    newDecisionId: () => 'd',
    cause: 'facts',
    bundleId: null,
    caller: 'portal',
    followers: followersOf([result.entry], v, catalogue),
  }).reduce(taken, after);
}

/** Every clock up to `now`, each at its own moment; with what it told. */
function run(v: SubjectView, now: number, from = 0): { entries: LedgerEntry[]; view: SubjectView } {
  let after = v;
  const entries: LedgerEntry[] = [];
  for (let at = nextClock(after, catalogue, from); at !== null && at <= now; at = nextClock(after, catalogue, at + 1)) {
    const found = clockChanges(after, catalogue, at, {
      now,
      nextVersion: () => 0,
      newDecisionId: () => 'd',
      caller: 'consent-service',
    });
    entries.push(...found);
    after = found.reduce(taken, after);
  }
  return { entries, view: after };
}
const told = (entries: readonly LedgerEntry[]): string[] =>
  entries.map(
    ({ purposeId, status, permission, attributes }) =>
      `${attributes['dueAt']} ${purposeId} ${attributes['fellDue'] ?? `${status} ${permission.reason}`}`,
  );

const LATER = Date.UTC(2040, 0, 1);
const iso = (at: number): string => new Date(at).toISOString();
/** What the clocks of data told, in order. */
const ended = (entries: readonly LedgerEntry[]): string[] =>
  entries.flatMap(({ purposeId, attributes, endedCategories }) =>
    endedCategories.length === 0 || (attributes['fellDue'] === undefined && purposeId !== 'ads')
      ? []
      : [`${attributes['dueAt']?.slice(0, 10)} ${purposeId} ${endedCategories.map((e) => e.category).join('+')}`],
  );

describe('the clocks of a subject', () => {
  it('open a line when its time begins and close it when its time is over, whether anything was decided or not (C88)', () => {
    const [begins, ends] = [NOW + 10 * DAY, NOW + 20 * DAY];
    const line = { level: 'line' as const, id: 'line-1', validFrom: begins, validUntil: ends };
    const before = view();
    const after = { ...before, scopes: [line] };
    const announced = permissionChanges(before, after, catalogue, {
      now: NOW,
      nextVersion: () => 0,
      newDecisionId: () => 'd',
      cause: 'facts',
      bundleId: null,
      caller: 'portal',
    });
    expect(announced).toMatchObject([{ permission: { allowed: false, reason: 'scope_not_yet_valid' } }]);
    const known = announced.reduce(taken, after);
    expect(run(known, LATER, NOW).entries).toMatchObject([
      { decidedAt: begins, direction: 'opening', permission: { allowed: true, nextChangeAt: ends } },
      { direction: 'closing', permission: { allowed: false, reason: 'scope_ended' } },
    ]);
    expect(run(after, LATER, begins + 1).entries).toMatchObject([{ permission: { reason: 'scope_ended' } }]);
  });

  it('that begin again before a line was the person’s neither open it once more after its time, nor close what is open in it', () => {
    const end = NOW - 200 * DAY;
    const line = { level: 'line' as const, id: 'line-1', validFrom: end + 50 * DAY, validUntil: end + 100 * DAY };
    const known = { ...view(end), scopes: [line] };
    const entry = run(known, NOW, line.validUntil).entries.find(({ purposeId }) => purposeId === 'line-offers');
    expect(entry).toMatchObject({ direction: 'closing', permission: { reason: 'scope_ended' } });
    const over = taken(known, entry as LedgerEntry);
    expect(run(over, NOW, end).entries.map(({ purposeId }) => purposeId)).not.toContain('line-offers');
    const runs = { ...known, scopes: [{ ...line, validUntil: null }] };
    const agreed = decided(runs, 'by-line', 'given', NOW);
    expect(stateIn(agreed, 'by-line', SUBJECT)).toMatchObject({ allowed: true });
    expect(run(agreed, NOW, end).entries.map(({ purposeId }) => purposeId)).not.toContain('by-line');
  });

  it('open with a line what stands on it and was agreed to before (C62, C88)', () => {
    const begins = NOW + 10 * DAY;
    const line = { level: 'line' as const, id: 'line-1', validFrom: begins, validUntil: null };
    const waiting = decided({ ...view(), scopes: [line] }, 'by-line', 'given', NOW);
    expect(stateIn(waiting, 'by-line', SUBJECT)).toMatchObject({ allowed: false, reason: 'prerequisite_closed' });
    expect(run(waiting, LATER, NOW).entries).toMatchObject([
      {
        purposeId: 'by-line',
        status: 'given',
        cause: 'clock',
        direction: 'opening',
        attributes: { dueAt: iso(begins) },
      },
    ]);
    expect(run(waiting, begins - 1, NOW).entries).toEqual([]);
  });

  it('end a consent three years after it was given, at that moment, whenever they run (C06)', () => {
    const given = decided(view(), 'prospect', 'given', Date.UTC(2023, 5, 1, 10));
    const { entries } = run(given, LATER);
    expect(entries).toMatchObject([
      {
        purposeId: 'prospect',
        status: 'expired',
        cause: 'clock',
        direction: 'closing',
        decidedAt: Date.UTC(2026, 5, 1, 10),
        receivedAt: LATER,
      },
    ]);
  });

  it('end at once a consent that came in lapsed, so that the end of its proof is told (C04, C06)', () => {
    const at = Date.UTC(2022, 10, 24, 11);
    const prospect = catalogue.purposes.get('prospect') as Purpose;
    const v = view();
    const result = decide(command({ purposeId: 'prospect', decidedAt: at }), null, prospect, v.facts, context());
    if (result.kind === 'refused') throw new Error(result.message);
    expect(result.entry).toMatchObject({ status: 'given', permission: { allowed: false, reason: 'consent_lapsed' } });
    const lapse = Date.UTC(2025, 10, 24, 11);
    expect(clockOf(result.entry, prospect)).toBe(lapse);
    const { entries, view: after } = run(taken(v, result.entry), NOW, lapse);
    expect(entries).toMatchObject([{ status: 'expired', cause: 'clock', decidedAt: lapse, receivedAt: NOW }]);
    expect(proofUntil(prospect, entries[0] as LedgerEntry, at)).toBe(Date.UTC(2030, 10, 24, 11));
    expect(run(after, LATER, NOW).entries).toEqual([]);
  });

  it('end at once a consent that came in after its contract, so that no later contract brings it back (C04, C07)', () => {
    const contractEnd = NOW - 6 * 366 * DAY;
    const ends = (entries: readonly LedgerEntry[], id: string) =>
      entries.filter((e) => e.purposeId === id && e.status === 'expired' && e.attributes['fellDue'] === undefined);
    const over: Record<string, number> = { ads: contractEnd, tailored: addPeriod(contractEnd, 'P5Y') };
    for (const [id, end] of Object.entries(over)) {
      const purpose = catalogue.purposes.get(id) as Purpose;
      const v = view(contractEnd);
      const said = command({ purposeId: id, decidedAt: contractEnd - DAY });
      const result = decide(said, null, purpose, v.facts, context());
      if (result.kind === 'refused') throw new Error(result.message);
      expect(result.entry).toMatchObject({ status: 'given', permission: { allowed: false } });
      const { entries, view: after } = run(taken(v, result.entry), NOW, clockOf(result.entry, purpose) ?? Infinity);
      expect(ends(entries, id)).toMatchObject([{ cause: 'clock', decidedAt: end, receivedAt: NOW }]);
      const renewed = { ...after, facts: facts({ contractStart: NOW, contractEnd: null }) };
      expect(permissionIn(renewed, catalogue, purpose, person, NOW).allowed).toBe(false);
      expect(ends(run(after, LATER, NOW).entries, id)).toEqual([]);
    }
  });

  it('end a consent that something else holds closed at its own moment too (C04)', () => {
    const given = decided(
      { ...view(), facts: facts({ brand: 'vikings' }) },
      'prospect',
      'given',
      Date.UTC(2023, 5, 1, 10),
    );
    expect(told(run(given, LATER).entries)).toEqual(['2026-06-01T10:00:00.000Z prospect expired consent_lapsed']);
  });

  it('end a consent of 29 February on the last day of February (Europe/Brussels)', () => {
    const given = decided(view(), 'prospect', 'given', Date.UTC(2024, 1, 29, 8));
    expect(told(run(given, LATER).entries)).toEqual(['2027-02-28T08:00:00.000Z prospect expired consent_lapsed']);
  });

  it('keep the hour of the wall clock over daylight saving: given in winter, ended in summer', () => {
    // 28 March is winter time in 2023 (changed on the 26th: summer) and 2026 (changes on the 29th: winter).
    const given = decided(view(), 'prospect', 'given', Date.parse('2023-03-28T10:00:00+02:00'));
    expect(told(run(given, LATER).entries)).toEqual(['2026-03-28T09:00:00.000Z prospect expired consent_lapsed']);
  });

  it('end a consent given in the hour that does not exist three years later', () => {
    // In 2026 the hour from 2 to 3 of 29 March is skipped.
    const given = decided(view(), 'prospect', 'given', Date.parse('2023-03-29T02:30:00+02:00'));
    expect(told(run(given, LATER).entries)).toEqual(['2026-03-29T01:30:00.000Z prospect expired consent_lapsed']);
  });

  it('close with a consent what stands on it', () => {
    const both = decided(decided(view(), 'prospect', 'given', NOW), 'partner', 'given', NOW);
    expect(told(run(both, LATER).entries)).toEqual([
      '2029-11-24T11:00:00.000Z prospect expired consent_lapsed',
      '2029-11-24T11:00:00.000Z partner given prerequisite_closed',
    ]);
  });

  it('end at contract end what ends with it, freeze what is frozen, and close the rest five years later, in order (C07, C08)', () => {
    const start = ['ads', 'tailored'].reduce((v, id) => decided(v, id, 'given', NOW), view(NOW + DAY));
    expect(told(run(start, LATER).entries)).toEqual([
      '2026-11-25T11:00:00.000Z ads expired contract_ended',
      '2026-11-25T11:00:00.000Z tailored given frozen_after_contract',
      '2027-11-25T11:00:00.000Z ads data-retention',
      '2028-11-25T11:00:00.000Z campaign data-retention',
      '2031-11-25T11:00:00.000Z tailored expired period_after_contract_over',
      '2031-11-25T11:00:00.000Z campaign objection_lifted period_after_contract_over',
    ]);
  });

  it('leave what the person closed, and what the person renewed, before they ran', () => {
    const given = decided(view(), 'prospect', 'given', Date.UTC(2023, 5, 1));
    const due = Date.UTC(2026, 5, 1);
    expect(run(decided(given, 'prospect', 'withdrawn', due + DAY), due + 2 * DAY).entries).toEqual([]);
    expect(run(decided(given, 'prospect', 'given', due + DAY), due + 2 * DAY).entries).toEqual([]);
  });

  it('say nothing anew of what was decided after the moment that they are late for', () => {
    const contractEnd = Date.UTC(2026, 8, 1);
    const given = decided(view(contractEnd), 'prospect', 'given', Date.UTC(2023, 5, 1, 10));
    // Judged as of 1 June, this consent of October would end with the contract, in the past.
    const later = decided(given, 'tailored', 'given', Date.UTC(2026, 9, 1));
    expect(told(run(later, Date.UTC(2027, 0, 1)).entries)).toEqual([
      '2026-06-01T10:00:00.000Z prospect expired consent_lapsed',
    ]);
  });

  it('pass over a state whose purpose the catalogue no longer has', () => {
    const given = decided(view(), 'prospect', 'given', NOW);
    const gone = { ...given, states: given.states.map((held) => ({ ...held, purposeId: 'gone' })) };
    expect(run(gone, LATER).entries).toEqual([]);
  });

  it('end the use of each kind of data at its own moment, and leave what is allowed as it is (C11)', () => {
    const end = Date.UTC(2027, 2, 1);
    const before = decided(view(end), 'ads', 'given', NOW);
    const { entries, view: after } = run(before, Date.UTC(2031, 0, 1));
    expect(ended(entries)).toEqual([
      '2027-03-01 ads contact',
      '2028-03-01 ads contact+habits',
      '2029-03-01 campaign interactions',
    ]);
    // The first came with the end of the consent, in one entry; the others repeat what is in force.
    expect(entries.map(({ attributes }) => attributes['fellDue'])).toEqual([
      undefined,
      'data-retention',
      'data-retention',
    ]);
    expect(entries.at(-1)).toMatchObject({ direction: 'opening', permission: { reason: 'open_by_default' } });
    expect(stateIn(after, 'ads', SUBJECT)).toMatchObject({
      status: 'expired',
      reason: 'contract_ended',
      decidedAt: end,
    });
    expect(stateIn(after, 'campaign', SUBJECT)).toMatchObject({ allowed: true, decidedAt: null });
  });

  it('of data are told again by every later decision, so that a system which missed one misses nothing', () => {
    const { view: after } = run(decided(view(Date.UTC(2027, 2, 1)), 'ads', 'given', NOW), Date.UTC(2029, 0, 1));
    const refused = decided(after, 'ads', 'refused', Date.UTC(2029, 5, 1));
    expect(stateIn(refused, 'ads', SUBJECT)?.endedCategories).toEqual([
      { category: 'contact', endedAt: Date.UTC(2027, 2, 1) },
      { category: 'habits', endedAt: Date.UTC(2028, 2, 1) },
    ]);
  });

  it('of data say nothing about who never agreed, and stop for a contract that goes on in a new one', () => {
    const end = Date.UTC(2027, 2, 1);
    expect(ended(run(view(end), Date.UTC(2028, 11, 1)).entries)).toEqual([]);
    const renewed = { ...view(end), facts: facts({ contractEnd: end, contractStart: end + 30 * DAY }) };
    expect(ended(run(renewed, LATER).entries)).toEqual([]);
  });

  it('of data whose contract ended before anybody knew are found, at their own moments', () => {
    const end = Date.UTC(2024, 2, 1);
    const known = decided(view(end), 'ads', 'given', Date.UTC(2023, 2, 1));
    expect(firstMissedEnd(known, catalogue, NOW)).toBe(end);
    const { entries, view: after } = run(known, NOW, end);
    expect(ended(entries)).toEqual([
      '2024-03-01 ads contact',
      '2025-03-01 ads contact+habits',
      '2026-03-01 campaign interactions',
    ]);
    expect(firstMissedEnd(after, catalogue, NOW)).toBeNull();
  });

  it('that only note something do not end a consent a second time: its proof is kept from the real end (C04)', () => {
    const gone = decided(view(Date.UTC(2027, 2, 1)), 'ads', 'withdrawn', NOW);
    const [, note] = run(gone, Date.UTC(2029, 0, 1)).entries;
    expect(note).toMatchObject({ status: 'withdrawn', cause: 'clock', attributes: { fellDue: 'data-retention' } });
    expect(proofUntil(optIn({ id: 'ads' }), note as LedgerEntry, null)).toBeNull();
  });

  const act = fc.record({
    purposeId: fc.constantFrom('prospect', 'partner', 'ads', 'tailored', 'campaign'),
    status: fc.constantFrom<Status>('given', 'withdrawn', 'refused', 'objected', 'objection_lifted'),
    // Over eight years, so that clocks fall due between decisions.
    day: fc.integer({ min: 0, max: 2_900 }),
  });
  const life = fc.record({
    acts: fc.array(act, { maxLength: 6 }).map((acts) => acts.sort((a, b) => a.day - b.day)),
    contractDay: fc.option(fc.integer({ min: -100, max: 2_900 })),
  });
  const start = ({ contractDay }: { contractDay: number | null }): SubjectView =>
    view(contractDay === null ? null : NOW + contractDay * DAY);

  it('tell the same, in the same order, on time or all at once after a long downtime (10,000 histories)', () => {
    fc.assert(
      fc.property(
        life,
        fc.array(fc.integer({ min: 1, max: 6_000 }), { maxLength: 4 }),
        ({ acts, contractDay }, stops) => {
          const before = acts.reduce(
            (v, a) => decided(v, a.purposeId, a.status, NOW + a.day * DAY),
            start({ contractDay }),
          );
          const from = NOW + (acts.at(-1)?.day ?? 0) * DAY + 1;
          const end = from + 6_000 * DAY;
          let onTime = before;
          const stepwise: LedgerEntry[] = [];
          let since = from;
          for (const stop of [...stops.sort((a, b) => a - b).map((day) => from + day * DAY), end]) {
            const { entries, view: after } = run(onTime, stop, since);
            stepwise.push(...entries);
            onTime = after;
            since = stop + 1;
          }
          return told(run(before, end, from).entries).join('\n') === told(stepwise).join('\n');
        },
      ),
      { numRuns: 10_000 },
    );
  });

  const inForce = (v: SubjectView): string[] =>
    v.states
      .map(({ purposeId, state }) => `${purposeId} ${state.status} ${state.allowed} ${state.nextChangeAt}`)
      .sort();

  it('that were down while people decided open nothing, and end where those that were on time do (10,000 histories)', () => {
    fc.assert(
      fc.property(life, ({ acts, contractDay }) => {
        const now = NOW + 2_900 * DAY;
        let onTime = start({ contractDay });
        let late = onTime;
        let since = 0;
        for (const [index, { purposeId, status, day }] of acts.entries()) {
          // No two at one moment, nor one when another's clock runs out: then the order of arrival would decide.
          const at = NOW + day * DAY + index + 1;
          onTime = decided(run(onTime, at, since).view, purposeId, status, at);
          // From its own moment: what comes in after its end is told at once.
          since = at;
          late = decided(late, purposeId, status, at);
        }
        return inForce(run(late, now).view).join('\n') === inForce(run(onTime, now, since).view).join('\n');
      }),
      { numRuns: 10_000 },
    );
  });

  it('open nothing, run twice tell nothing new, and come in the order of their moments (10,000 histories)', () => {
    fc.assert(
      fc.property(life, ({ acts, contractDay }) => {
        const before = acts.reduce(
          (v, a) => decided(v, a.purposeId, a.status, NOW + a.day * DAY),
          start({ contractDay }),
        );
        const first = run(before, LATER);
        const opened = first.entries.filter(
          ({ purposeId, permission }) =>
            permission.allowed &&
            !(stateIn(before, purposeId, SUBJECT)?.allowed ?? catalogue.purposes.get(purposeId)?.defaultAllowed),
        );
        const moments = first.entries.map(({ attributes }) => attributes['dueAt'] ?? '');
        const inOrder = moments.every((moment, i) => i === 0 || moment >= (moments[i - 1] ?? ''));
        return opened.length === 0 && inOrder && run(first.view, LATER).entries.length === 0;
      }),
      { numRuns: 10_000 },
    );
  });
});

describe('the proof of a consent', () => {
  const proof = (p: Purpose, status: Status, over: Partial<LedgerEntry> = {}, yesAt: number | null = null) => {
    const ending = {
      status,
      cause: 'person',
      decidedAt: NOW,
      receivedAt: NOW,
      effective: true,
      attributes: {},
    } as const;
    return proofUntil(p, { ...ending, ...over }, yesAt);
  };

  it('is kept five years after the real end, be it a withdrawal, an expiry or the end of the contract (C04)', () => {
    for (const status of ['withdrawn', 'expired', 'revoked', 'refused'] as const)
      expect(proof(optIn(), status)).toBe(Date.UTC(2031, 10, 24, 11));
    expect(proof(optIn(), 'given')).toBeNull();
  });

  it('of an objection has no end while it suppresses; its history has, five years after it was lifted (C05)', () => {
    expect(proof(optOut(), 'objected')).toBeNull();
    expect(proof(optOut(), 'objection_lifted')).toBe(Date.UTC(2031, 10, 24, 11));
    expect(proof(motivated(), 'objection_rejected')).toBe(Date.UTC(2031, 10, 24, 11));
    expect(proof(optOut(), 'objection_lifted', { cause: 'clock' })).toBeNull();
  });

  it('is kept from the reception of a no that is dated before the yes it ends, or in the future: until then the consent ran (C04)', () => {
    const fiveYears = Date.UTC(2031, 10, 24, 11);
    for (const decidedAt of [NOW - 3_000 * DAY, NOW + 3_000 * DAY])
      expect(proof(optIn(), 'withdrawn', { decidedAt }, NOW - DAY)).toBe(fiveYears);
    expect(proof(optIn(), 'withdrawn', { decidedAt: NOW - DAY }, NOW - 2 * DAY)).toBe(fiveYears - DAY);
  });

  it('has its end under another choice model too: what ended a consent or an objection has ended it, whatever is asked now (C04, C05)', () => {
    const fiveYears = Date.UTC(2031, 10, 24, 11);
    expect(proof(optIn(), 'objection_lifted')).toBe(fiveYears);
    expect(proof(optOut(), 'withdrawn')).toBe(fiveYears);
  });

  it('is not ended by what had no effect', () => {
    expect(proof(optIn(), 'withdrawn', { effective: false })).toBeNull();
  });
});
