import { type ConsentDecision, type EndedCategory, opens } from '@consent/events';
import { type Spot } from './spots.js';

/** Purposes that concern advertising and promotion on Pickx. Sections of the privacy statement: 7.2.2.3, 7.2.3.1, 7.2.3.4, 9.4. */
export const PURPOSES = [
  'pickx-personalised-tv-ads',
  'broadcaster-targeted-tv-ads',
  'pickx-on-screen-promotion',
  'pickx-own-promotion',
  'pickx-content-recommendations',
  'pickx-promotion-group-products',
] as const;
export type Purpose = (typeof PURPOSES)[number];

/** Who uses an advertising profile: the operator itself (7.2.3.1), or broadcasters as joint controllers (7.2.3.4). */
export type Audience = 'operator' | 'broadcasters';

/** What may be put on the TV screen or personalised there. */
export type ScreenUse = 'on-screen-promotion' | 'own-promotion' | 'recommendations' | 'group-products';

interface Decided {
  decisionId: string;
  subjectId: string;
  accountId: string;
  purposeId: string;
  version: number;
}

/** An advertising profile on the subscriber account, never on an assumed viewer. */
export interface ProfileEffect extends Decided {
  kind: 'build-profile' | 'delete-profile';
  audience: Audience;
}

export interface ScreenEffect extends Decided {
  kind: 'resume' | 'stop';
  screenUse: ScreenUse;
}

/** What was chosen for an account under a purpose is forgotten once its retention has ended (C11). */
export interface ForgetEffect extends Decided {
  kind: 'forget-selections';
  /** What was chosen by default names no purpose, and is told by its spot. */
  spot: Spot;
  /** Epoch ms. */
  chosenBefore: number;
}

export type TargetingEffect = ProfileEffect | ScreenEffect | ForgetEffect;

/**
 * What Pickx does about a decision. Each decision changes exactly one switch: neither advertising consent moves the other,
 * and a refusal of promotion leaves recommendations as they are. Data whose retention has ended go, whatever is allowed.
 * @param purpose the purpose as which the decision is treated
 */
export function onDecision(
  decision: ConsentDecision,
  purpose = decision.purposeId as Purpose,
): readonly TargetingEffect[] {
  switch (purpose) {
    case 'pickx-personalised-tv-ads':
      return [profile('operator', decision), ...forget('third-party-advertisement', decision)];
    case 'broadcaster-targeted-tv-ads':
      return [profile('broadcasters', decision), ...forget('third-party-advertisement', decision)];
    case 'pickx-on-screen-promotion':
      return [screen('on-screen-promotion', decision)];
    case 'pickx-own-promotion':
      return [screen('own-promotion', decision), ...forget('own-promotion', decision)];
    case 'pickx-content-recommendations':
      return [screen('recommendations', decision), ...forget('recommendations', decision)];
    case 'pickx-promotion-group-products':
      return [screen('group-products', decision)];
    default:
      return unknownPurpose(purpose);
  }
}

const profile = (audience: Audience, decision: ConsentDecision): ProfileEffect => ({
  kind: opens(decision) ? 'build-profile' : 'delete-profile',
  audience,
  ...decided(decision),
});

const screen = (screenUse: ScreenUse, decision: ConsentDecision): ScreenEffect => ({
  kind: opens(decision) ? 'resume' : 'stop',
  screenUse,
  ...decided(decision),
});

const forget = (spot: Spot, decision: ConsentDecision): ForgetEffect[] =>
  decision.endedCategories
    .filter(isSelections)
    .map(({ endedAt }) => ({ kind: 'forget-selections', spot, chosenBefore: endedAt, ...decided(decision) }));

/**
 * Of the kinds of data with an end of their own Pickx holds what it chose: how people met an advertisement, and what was made
 * to suit them. Identity is not here, and a profile goes with its consent. The last two are names of events from before
 * each kind had its own.
 */
const SELECTIONS: readonly string[] = [
  'collected:customer-interactions',
  'derived:preference-profile',
  'customer-interactions',
  'other-data',
];
const isSelections = ({ category }: EndedCategory): boolean => SELECTIONS.includes(category);

const decided = (decision: ConsentDecision): Decided => ({
  decisionId: decision.decisionId,
  subjectId: decision.subjectId,
  accountId: decision.scope.id,
  purposeId: decision.purposeId,
  version: decision.version,
});

function unknownPurpose(purpose: never): never {
  throw new Error(`pickx-ad-targeting has no rule for the purpose ${String(purpose)}; it knows ${PURPOSES.join(', ')}`);
}
