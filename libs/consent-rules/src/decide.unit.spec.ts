import { describe, expect, it } from '@jest/globals';
import { decide } from './decide.js';
import { evolve } from './evolve.js';
import { command, context, DAY, facts, history, motivated, NOTICE, NOW, optIn, optOut } from './test-fixtures.js';
import {
  type DecideCommand,
  type LedgerEntry,
  type Purpose,
  type Status,
  type SubjectFacts,
  type TripleState,
} from './types.js';

const decided = (
  over: Partial<DecideCommand>,
  current: TripleState | null = null,
  p: Purpose = optIn(),
  f: SubjectFacts | null = facts(),
): LedgerEntry => {
  const result = decide(command(over), current, p, f, context());
  if (result.kind === 'refused') throw new Error(result.message);
  return result.entry;
};
const refused = (over: Partial<DecideCommand>, current: TripleState | null = null, p: Purpose = optIn()) => {
  const result = decide(command(over), current, p, facts(), context());
  if (result.kind !== 'refused') throw new Error('was decided');
  return result;
};
const PERSON_SCOPE_ONLY = { level: 'line', id: '33333333-3333-4333-8333-333333333333' } as const;

describe('decide', () => {
  it('opens an opt-in purpose on the person’s yes and names each concerned system with its deadline', () => {
    const entry = decided({ status: 'given' });
    expect(entry).toMatchObject({
      direction: 'opening',
      effective: true,
      permission: { allowed: true, reason: 'given', nextChangeAt: null },
      receivedAt: NOW,
      brand: 'proximus',
      systems: [{ systemId: 'directory-listing', applyBy: NOW + 300_000 }],
    });
  });

  it('gives a closing the shorter deadline', () => {
    expect(decided({ status: 'withdrawn' }).systems).toEqual([
      { systemId: 'directory-listing', applyBy: NOW + 30_000 },
    ]);
  });

  it.each(['refused', 'withdrawn'] as const)('accepts %s from an opt-in purpose that was never given', (status) => {
    expect(decided({ status }).permission.allowed).toBe(false);
  });

  it.each([
    ['with unknown facts', {}, null],
    ['under a brand nobody knows', {}, facts({ brand: 'other' })],
    [
      'through a channel the catalogue does not list',
      { evidence: { ...command().evidence, channel: 'shop' } },
      facts(),
    ],
    ['decided long before the opening in force', { decidedAt: NOW - 900 * DAY }, facts()],
    ['by a channel whose clock runs a year ahead', { decidedAt: NOW + 365 * DAY }, facts()],
  ])('lets a closing take effect %s', (_, over, f) => {
    const open = history([{ status: 'given' }]).state;
    const entry = decided({ status: 'withdrawn', ...over }, open, optIn(), f);
    expect(entry).toMatchObject({ effective: true, direction: 'closing', permission: { reason: 'withdrawn' } });
  });

  it('keeps an opening that is older than the closing as evidence without effect', () => {
    const closed = history([
      { status: 'given', decidedAt: NOW - 2 * DAY },
      { status: 'withdrawn', decidedAt: NOW - DAY },
    ]);
    const entry = decided({ status: 'given', decidedAt: NOW - DAY }, closed.state);
    expect(entry).toMatchObject({
      status: 'given',
      effective: false,
      direction: 'closing',
      permission: { allowed: false, reason: 'evidence_older_than_closing' },
    });
    expect(evolve(closed.state, entry)).toEqual({ ...closed.state, version: 1, decisionId: entry.decisionId });
  });

  it('leaves what is open open when older evidence of a yes comes in', () => {
    const open = history([
      { status: 'withdrawn', decidedAt: NOW - 3 * DAY },
      { status: 'given', decidedAt: NOW - DAY },
    ]);
    const entry = decided({ status: 'given', decidedAt: NOW - 2 * DAY }, open.state);
    expect(entry).toMatchObject({ effective: false, direction: 'opening', permission: { allowed: true } });
    expect(evolve(open.state, entry).decidedAt).toBe(NOW - DAY);
  });

  it('does not let a closing dated in the future lock later openings out', () => {
    const { state } = history([{ status: 'withdrawn', decidedAt: NOW + 365 * DAY }]);
    const entry = decide(command({ decidedAt: NOW + DAY }), state, optIn(), facts(), context({ now: NOW + DAY }));
    expect(entry).toMatchObject({ kind: 'decided', entry: { effective: true, direction: 'opening' } });
  });

  it('records a yes under unknown facts and keeps the permission closed', () => {
    expect(decided({}, null, optIn(), null)).toMatchObject({
      status: 'given',
      effective: true,
      direction: 'closing',
      permission: { allowed: false, reason: 'facts_missing' },
    });
  });

  it('restricts while a reasoned objection is assessed, and ends the restriction when it is rejected', () => {
    const p = motivated();
    const submitted = history([{ status: 'objection_submitted', decidedAt: NOW - DAY }], p).state;
    expect(submitted).toMatchObject({ allowed: false, reason: 'objection_under_assessment' });
    const entry = decided({ status: 'objection_rejected', cause: 'operator' }, submitted, p);
    expect(entry).toMatchObject({ direction: 'opening', permission: { allowed: true, reason: 'objection_rejected' } });
  });
});

describe('decide takes a no', () => {
  it.each(['call-centre', 'web-form', 'email-dpo', 'letter-dpo'])(
    'of people who are no customers by every route: %s (C43)',
    (channel) => {
      const evidence = { channel, actor: 'agent', caller: 'desk', origin: null } as const;
      for (const roles of [[], ['prospect']] as const)
        expect(decided({ status: 'objected', evidence }, null, optOut(), facts({ roles }))).toMatchObject({
          effective: true,
          permission: { allowed: false, reason: 'objected' },
        });
    },
  );

  it('of someone of whom nothing is known but a line: no account, no contract, no role (C39)', () => {
    const p = optOut({ scopeLevel: 'line', roles: [] });
    const entry = decided({ status: 'objected', scope: PERSON_SCOPE_ONLY }, null, p, null);
    expect(entry).toMatchObject({ effective: true, permission: { allowed: false, reason: 'objected' } });
  });
});

describe('decide refuses', () => {
  it('a decision about a purpose without a choice, and says what it rests on', () => {
    const p = optIn({ choiceModel: 'none', defaultAllowed: null, legalBasis: ['contract'] });
    expect(refused({}, null, p)).toMatchObject({ code: 'purpose_without_choice', openTransitions: [] });
    expect(refused({}, null, p).message).toContain('contract');
  });

  it('a scope of another level than the purpose is decided at', () => {
    expect(refused({ scope: PERSON_SCOPE_ONLY })).toMatchObject({ code: 'scope_level_mismatch' });
  });

  it('a status of another choice model, and lists the moves that are open', () => {
    const { code, openTransitions } = refused({ status: 'withdrawn' }, null, optOut());
    expect(code).toBe('status_not_of_choice_model');
    expect(openTransitions.map((t) => t.status)).toEqual(['objected']);
  });

  it('to lift an objection that nobody made', () => {
    expect(refused({ status: 'objection_lifted' }, null, optOut())).toMatchObject({
      code: 'transition_not_open',
      openTransitions: [{ status: 'objected' }],
    });
  });

  it('a rejection of an objection by the person who made it', () => {
    const submitted = history([{ status: 'objection_submitted' }], motivated()).state;
    expect(refused({ status: 'objection_rejected' }, submitted, motivated()).code).toBe('cause_not_entitled');
  });

  it('a yes given by the operator alone', () => {
    expect(refused({ cause: 'operator' }).code).toBe('cause_not_entitled');
  });

  it('an import that opens without a notice or an origin', () => {
    expect(refused({ cause: 'import' }).code).toBe('evidence_missing');
  });

  it.each([
    ['another content hash', { contentHash: 'b'.repeat(64) }],
    ['another language', { language: 'fr-BE' }],
    ['a version the catalogue does not hold', { version: '9' }],
    ['an id the catalogue does not hold', { id: 'm' }],
  ])('a yes to a text with %s', (_, over) => {
    expect(decided({ notice: NOTICE }).notice).toEqual(NOTICE);
    expect(refused({ notice: { ...NOTICE, ...over } }).code).toBe('notice_unknown');
  });

  it.each(['P100Y', 'P1200M', 'P36524D', 'P99Y12M', 'PT876576H'])(
    'no announced period of up to 100 years by the calendar, as %s',
    (announcedPeriod) => {
      const event = optIn({ announcesPeriod: true });
      expect(decided({ attributes: { announcedPeriod } }, null, event).effective).toBe(true);
    },
  );

  it.each(['P1201M', 'P1203M', 'P100Y1D', 'P36525D', 'P1199M31D', 'PT876577H'])(
    'a yes about an event with an announced period of more than 100 years by the calendar, as %s',
    (announcedPeriod) => {
      const event = optIn({ announcesPeriod: true });
      expect(refused({ attributes: { announcedPeriod } }, null, event).code).toBe('period_not_announced');
    },
  );

  it.each([
    {},
    ...['soon', 'PT0S', 'P999999Y', 'P0.5Y', 'P1Y-3M', '-P1Y'].map((announcedPeriod) => ({ announcedPeriod })),
  ])('a yes about an event that names no announced period, or none that is one (C12)', (attributes) => {
    const event = optIn({ announcesPeriod: true });
    expect(refused({ attributes }, null, event).code).toBe('period_not_announced');
    expect(decided({ attributes: { announcedPeriod: 'P6M' } }, null, event).effective).toBe(true);
    expect(decided({ status: 'withdrawn', attributes }, null, event).effective).toBe(true);
  });

  it('a yes to a text about something else', () => {
    expect(refused({ notice: NOTICE, purposeId: 'q' }, null, optIn({ id: 'q' })).code).toBe('notice_unknown');
  });

  it('no closing for its notice: whatever text was shown is recorded with it', () => {
    const notice = { ...NOTICE, contentHash: 'b'.repeat(64) };
    expect(decided({ status: 'withdrawn', notice })).toMatchObject({ effective: true, notice });
  });

  it('a yes decided in the future', () => {
    expect(refused({ decidedAt: NOW + DAY })).toMatchObject({
      code: 'decided_in_the_future',
      message: expect.stringContaining('expected at most 5 minutes after the reception'),
    });
  });

  it.each([
    ['objection_lifted', 'person', optOut(), [{ status: 'objected' }]],
    ['objection_lifted', 'import', motivated(), [{ status: 'objection_submitted' }]],
    ['objection_rejected', 'operator', motivated(), [{ status: 'objection_submitted' }]],
  ] as const)(
    '%s by %s over a channel on which anybody could say so: only a yes can wait for a confirmation',
    (status, cause, p, before) => {
      const { state } = history(before, p);
      const evidence = { ...command().evidence, channel: 'web-sign-up', origin: { system: 'shop', eventId: '1' } };
      const said = command({ status, cause, evidence, decidedAt: NOW + 1 });
      expect(decide(said, state, p, facts(), context({ confirmWithin: 'P7D' }))).toMatchObject({
        kind: 'refused',
        code: 'channel_asks_for_confirmation',
        message: expect.stringContaining(`expected ${status} over a channel that asks for none`) as unknown,
      });
      expect(decide(said, state, p, facts(), context()).kind).toBe('decided');
    },
  );
});

describe('a yes over a channel that asks for a confirmation', () => {
  const WITHIN = { confirmWithin: 'P7D' };
  const ask = (state: TripleState | null, p: Purpose = optIn()) =>
    decide(command({ decidedAt: NOW }), state, p, facts(), context(WITHIN));
  const before = (...statuses: Status[]) =>
    history(statuses.map((status, at) => ({ status, decidedAt: NOW - DAY + at }))).state;

  it('is a request that is in force while nobody decided, or after a no', () => {
    for (const state of [null, before('refused'), before('given', 'withdrawn')])
      expect(ask(state)).toMatchObject({
        entry: { status: 'requested', effective: true, permission: { allowed: false } },
      });
  });
  it('waits where it is the newer of two, whichever comes in first', () => {
    const states = [20, 1, 20].map((days, at) => [NOW - days * DAY, at] as const);
    const waiting = states.reduce<TripleState | null>((state, [decidedAt, at]) => {
      const told = decide(command({ decidedAt }), state, optIn(), facts(), context({ confirmWithin: 'P30D' }));
      if (told.kind === 'refused') throw new Error(told.message);
      expect(told.entry.effective).toBe(at < 2);
      return evolve(state, told.entry);
    }, null);
    expect(waiting).toMatchObject({ status: 'requested', decidedAt: NOW - DAY });
  });
  it('that comes in after its time lapses at once, as any other does when nobody confirms it', () => {
    const told = decide(command({ decidedAt: NOW - 8 * DAY }), null, optIn(), facts(), context(WITHIN));
    expect(told).toMatchObject({
      entry: { status: 'requested', permission: { reason: 'requested', nextChangeAt: NOW + 1 } },
    });
  });
  it('leaves a yes that is in force as it is: the request is kept beside it', () => {
    expect(ask(before('given'))).toMatchObject({
      entry: { status: 'requested', effective: false, permission: { allowed: true, reason: 'given' } },
    });
  });
});
