import { type ConsentDecision, opens } from '@consent/events';
import { type Purpose, PURPOSES } from './purposes.js';

/** Where an interest score comes from. Only sources that the person has opened may be in a preference profile. */
export type Source = 'web-app-usage' | 'telephony-usage' | 'tv-viewing' | 'device-and-wifi' | 'survey' | 'loyalty';

export type Channel = 'phone' | 'sms' | 'email' | 'post' | 'app-push';

interface Decided {
  decisionId: string;
  subjectId: string;
  scopeId: string;
  purposeId: string;
  version: number;
}

/** assign-segment: exactly one macro segment. leave-segmentation: no segment, and no interest score used for marketing. */
export interface SegmentEffect extends Decided {
  kind: 'assign-segment' | 'leave-segmentation';
}

/** start-scoring: collection from these sources may start. stop-scoring: it stops, and the scores that came from them go. */
export interface ScoringEffect extends Decided {
  kind: 'start-scoring' | 'stop-scoring';
  sources: readonly Source[];
}

/** In or out of the audience from which the campaigns of a purpose draw; out also means off every list drawn already. */
export interface AudienceEffect extends Decided {
  kind: 'join-audience' | 'leave-audience';
}

/** One channel on one contact point, for all purposes; the other channels stay as they are. */
export interface ChannelEffect extends Decided {
  kind: 'open-channel' | 'close-channel';
  channel: Channel;
}

/** A visitor may be recognised on one device, or not. */
export interface DeviceEffect extends Decided {
  kind: 'recognise-device' | 'forget-device';
}

export type MarketingEffect = SegmentEffect | ScoringEffect | AudienceEffect | ChannelEffect | DeviceEffect;

/**
 * What marketing does about a decision.
 * @param purpose the purpose as which the decision is treated
 */
export function onDecision(
  decision: ConsentDecision,
  purpose = decision.purposeId as Purpose,
): readonly MarketingEffect[] {
  switch (purpose) {
    case 'customer-base-segmentation':
      return [segment(decision)];

    case 'tailored-offers-web-app-usage':
      return [scoring(['web-app-usage'], decision)];
    case 'tailored-offers-service-usage':
      return [scoring(oneOf(['telephony-usage', 'tv-viewing', 'device-and-wifi'], decision), decision)];
    case 'market-research-participation':
      return [scoring(['survey'], decision)];
    case 'loyalty-programme-participation':
      return [scoring(['loyalty'], decision)];

    case 'customer-direct-marketing':
    case 'customer-newsletter':
    case 'prospect-newsletter':
    case 'prospect-direct-marketing':
    case 'event-lead-marketing':
    case 'residential-prospect-data-acquisition':
    case 'b2b-direct-marketing-existing':
    case 'b2b-direct-marketing-prospects':
    case 'ex-customer-consent-campaign':
    case 'ex-customer-extended-marketing':
    case 'ex-customer-winback':
    case 'loyalty-programme-communications':
    case 'market-research-invitations':
    case 'market-insights-analytics':
    case 'online-audience-promotion':
    case 'pickx-own-promotion':
    case 'pickx-promotion-group-products':
      return [audience(decision)];

    case 'contact-by-phone':
      return [channel('phone', decision)];
    case 'contact-by-sms':
      return [channel('sms', decision)];
    case 'contact-by-email':
      return [channel('email', decision)];
    case 'contact-by-post':
      return [channel('post', decision)];
    case 'contact-by-app-push':
      return [channel('app-push', decision)];

    case 'advertising-cookies':
    case 'website-login-personalisation':
    case 'website-login-offers':
      return [device(decision)];

    default:
      return unknownPurpose(purpose);
  }
}

const segment = (decision: ConsentDecision): SegmentEffect => ({
  kind: opens(decision) ? 'assign-segment' : 'leave-segmentation',
  ...decided(decision),
});

const scoring = (sources: readonly Source[], decision: ConsentDecision): ScoringEffect => ({
  kind: opens(decision) ? 'start-scoring' : 'stop-scoring',
  sources,
  ...decided(decision),
});

/** The source that the person named (C23), or all of them where none of these was named. */
const oneOf = (sources: readonly Source[], decision: ConsentDecision): readonly Source[] => {
  const named = sources.filter((source) => source === decision.attributes.dataSource);
  return named.length > 0 ? named : sources;
};

const audience = (decision: ConsentDecision): AudienceEffect => ({
  kind: opens(decision) ? 'join-audience' : 'leave-audience',
  ...decided(decision),
});

const channel = (name: Channel, decision: ConsentDecision): ChannelEffect => ({
  kind: opens(decision) ? 'open-channel' : 'close-channel',
  channel: name,
  ...decided(decision),
});

const device = (decision: ConsentDecision): DeviceEffect => ({
  kind: opens(decision) ? 'recognise-device' : 'forget-device',
  ...decided(decision),
});

const decided = (decision: ConsentDecision): Decided => ({
  decisionId: decision.decisionId,
  subjectId: decision.subjectId,
  scopeId: decision.scope.id,
  purposeId: decision.purposeId,
  version: decision.version,
});

function unknownPurpose(purpose: never): never {
  throw new Error(
    `marketing-segmentation has no rule for the purpose ${String(purpose)}; it knows ${PURPOSES.join(', ')}`,
  );
}
