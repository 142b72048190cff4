import { type Role, type ScopeFacts } from '@consent/consent-rules';
import { type Chance } from './chance.ts';

export const DAY = 86_400_000;
/** The last day of the histories. Fixed, so that a seed always gives the same files. */
export const UNTIL = Date.UTC(2026, 10, 1);

/** An invented person, as the facts door takes it. */
export interface Person {
  subjectId: string;
  brand: string | null;
  roles: Role[];
  minor: boolean;
  contractStart: string | null;
  contractEnd: string | null;
  scopes: ScopeFacts[];
}

export const iso = (time: number): string => new Date(time).toISOString();

/** Four in five are with the main brand; most are customers with an account, some lines, devices and contact points. */
export function person(c: Chance): Person {
  const subjectId = c.uuid();
  const brand = c.weighted([
    [80, 'proximus'],
    [19, 'scarlet'],
    [1, null],
  ] as const);
  const role = c.weighted<Role>([
    [79, 'customer'],
    [12, 'ex-customer'],
    [9, 'prospect'],
  ]);
  const start = UNTIL - (200 + c.below(3_000)) * DAY;
  const end = UNTIL - c.below(1_500) * DAY;
  return {
    subjectId,
    brand,
    roles: [role],
    minor: c.happens(0.02),
    contractStart: role === 'prospect' ? null : iso(Math.min(start, end - 30 * DAY)),
    contractEnd: role === 'ex-customer' ? iso(end) : null,
    scopes: scopes(c, role, brand),
  };
}

function scopes(c: Chance, role: Role, brand: string | null): ScopeFacts[] {
  const some = (level: ScopeFacts['level'], count: number): ScopeFacts[] =>
    Array.from({ length: count }, () => ({ level, id: c.uuid() }));
  const point = (kind: NonNullable<ScopeFacts['kind']>): ScopeFacts => ({ level: 'contact_point', id: c.uuid(), kind });
  const accounts = role === 'prospect' ? [] : some('account', c.happens(0.05) ? 2 : 1);
  const second = accounts[1];
  // A household with a product of each brand (C41).
  if (second && brand === 'proximus' && c.happens(0.5)) second.brand = 'scarlet';
  return [
    ...accounts,
    ...(role === 'customer' ? some('line', 1 + c.below(3)) : []),
    ...some('device', c.below(3)),
    point('phone'),
    ...(c.happens(0.8) ? [point('email')] : []),
    ...(c.happens(0.7) ? [point('post')] : []),
    ...(c.happens(0.4) ? [point('app')] : []),
  ];
}
