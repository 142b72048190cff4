import fc from 'fast-check';
import { DAY, motivated, NOW, optIn, optOut } from './test-fixtures.js';
import { TRANSITIONS } from './transitions.js';
import { type Cause, type DecideCommand, type Purpose, type Status } from './types.js';

/** Of every property. */
export const RUNS = { numRuns: 10_000 };

const STATUSES = [...new Set(Object.values(TRANSITIONS).flatMap((all) => all.map(({ to }) => to)))] satisfies Status[];
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
const daysFromNow = (min: number, max: number) => fc.integer({ min, max }).map((days) => NOW + days * DAY);

/** What somebody asks for: much of it is refused. Days around now, so that old evidence and clocks that run ahead occur. */
export const step: fc.Arbitrary<Partial<DecideCommand>> = fc.record({
  status: fc.constantFrom(...STATUSES),
  cause: fc.oneof({ weight: 3, arbitrary: fc.constant<Cause>('person') }, fc.constantFrom(...CAUSES)),
  decidedAt: daysFromNow(-6, 2),
  evidence: fc
    .boolean()
    .map((known) => ({ channel: 'c', actor: 'self' as const, caller: 'x', origin: known ? origin : null })),
});
export const steps = fc.array(step, { maxLength: 8 });

export const someFacts = fc.option(
  fc.record({
    brand: fc.constantFrom('proximus', 'scarlet', 'other', null),
    roles: fc.subarray(['prospect', 'customer', 'ex-customer'] as const),
    minor: fc.constantFrom(true, false, null),
    contractEnd: fc.option(daysFromNow(-9, 9)),
    fullMarketingObjectionAt: fc.option(daysFromNow(-9, 0)),
  }),
  { freq: 6 },
);

export const OPT_INS: Purpose[] = [
  optIn(),
  optIn({ profiling: true, ownMarketing: true, brands: ['proximus'], excludedBrands: ['scarlet'] }),
  optIn({ clocks: [{ from: 'contract-end', period: 'PT0S', frozen: false, decision: 'C07' }] }),
  optIn({ clocks: [{ from: 'consent', period: 'P3D', frozen: false, decision: 'C06' }] }),
];
export const somePurpose: fc.Arbitrary<Purpose> = fc.constantFrom(
  ...OPT_INS,
  optOut({ ownMarketing: true }),
  motivated(),
);
