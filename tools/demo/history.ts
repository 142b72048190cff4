import { type Catalogue, type NoticeVersion, type Purpose, type Scope, type Status } from '@consent/consent-rules';
import { type Chance } from './chance.ts';
import { DAY, iso, type Person, UNTIL } from './person.ts';

/** A decision as the recording door takes it. */
export interface DecisionLine {
  subjectId: string;
  scope: Scope;
  purposeId: string;
  status: Status;
  decidedAt: string;
  channel: string;
  notice?: Omit<NoticeVersion, 'purposes'>;
  attributes?: Record<string, string>;
}

/** What people do with one choice in the course of years: how likely, and the statuses in order. */
const COURSES = {
  'opt-in': [
    [45, ['given']],
    [12, ['refused']],
    [24, ['given', 'withdrawn']],
    [11, ['given', 'withdrawn', 'given']],
    [5, ['refused', 'given']],
    [3, ['given', 'withdrawn', 'given', 'withdrawn']],
  ],
  'opt-out': [
    [66, ['objected']],
    [24, ['objected', 'objection_lifted']],
    [10, ['objected', 'objection_lifted', 'objected']],
  ],
  'objection-motivated': [
    [60, ['objection_submitted']],
    [40, ['objection_submitted', 'objection_lifted']],
  ],
} as const satisfies Record<string, readonly (readonly [number, readonly Status[]])[]>;

/** Choices that concern a system are made more often, the flagship of them most. */
export const weightOf = (purpose: Purpose): number =>
  purpose.id === 'directory-contact-listing' ? 10 : purpose.systems.length > 0 ? 4 : 0.5;

/** Everything one person decides before the end of the histories, in no order across purposes. */
export function history(c: Chance, p: Person, catalogue: Catalogue): DecisionLine[] {
  const choices = choicesOf(p, catalogue);
  const made = new Map<string, DecisionLine[]>();
  for (let wanted = 1 + c.below(4); wanted > 0 && choices.length > 0; wanted--) {
    const [purpose, scope] = c.weighted(choices);
    made.set(`${purpose.id} ${scope.id}`, course(c, p, purpose, scope, catalogue.notices));
  }
  return [...made.values()].flat();
}

type Choice = readonly [weight: number, value: readonly [Purpose, Scope]];

function choicesOf(p: Person, catalogue: Catalogue): Choice[] {
  const scopes: (Scope & { kind?: string | null })[] = [{ level: 'person', id: p.subjectId }, ...p.scopes];
  return [...catalogue.purposes.values()].flatMap((purpose) =>
    purpose.choiceModel === 'none'
      ? []
      : scopes
          .filter((s) => s.level === purpose.scopeLevel && (purpose.contactKind ?? s.kind) === s.kind)
          .map(({ level, id }): Choice => [weightOf(purpose), [purpose, { level, id }]]),
  );
}

function course(
  c: Chance,
  p: Person,
  purpose: Purpose,
  scope: Scope,
  notices: readonly NoticeVersion[],
): DecisionLine[] {
  if (purpose.choiceModel === 'none') return [];
  const statuses: readonly Status[] = c.weighted<readonly Status[]>(COURSES[purpose.choiceModel]);
  let at = UNTIL - (30 + c.below(900)) * DAY - c.below(DAY);
  const lines = statuses.map((status): DecisionLine => {
    const line = decision(c, p, purpose, scope, status, at, notices);
    at += 1 + c.below(Math.max(1, Math.floor((UNTIL - at) / 2)));
    return line;
  });
  // A yes on paper that reaches the operator after the no it was older than: kept as evidence, opens nothing.
  const first = lines[0];
  if (statuses.at(-1) === 'withdrawn' && first && c.happens(0.1)) lines.push({ ...first, channel: 'letter-dpo' });
  return lines;
}

function decision(
  c: Chance,
  p: Person,
  purpose: Purpose,
  scope: Scope,
  status: Status,
  at: number,
  notices: readonly NoticeVersion[],
): DecisionLine {
  const shown = notices.filter((n) => n.purposes.includes(purpose.id));
  const line: DecisionLine = {
    subjectId: p.subjectId,
    scope,
    purposeId: purpose.id,
    status,
    decidedAt: iso(at),
    channel: c.pick(purpose.channels.length > 0 ? purpose.channels : ['myproximus-web']),
  };
  if (status === 'given' && shown.length > 0) {
    const { id, version, language, contentHash } = c.pick(shown);
    line.notice = { id, version, language, contentHash };
  }
  if (purpose.id === 'tailored-offers-service-usage')
    line.attributes = { dataSource: c.pick(['telephony-usage', 'tv-viewing', 'device-and-wifi']) };
  if (status === 'given' && purpose.announcesPeriod)
    line.attributes = { announcedPeriod: c.pick(['P3M', 'P6M', 'P1Y']) };
  return line;
}
