import {
  type Cause,
  type ChoiceModel,
  type Language,
  type LedgerEntry,
  type Localised,
  type Status,
} from '../types.js';
import { CAUSE, words } from './words.js';

/* What was decided, and what could be, by whom. */

/** By the person: what happened, and the same as a condition. */
const YOU: Readonly<Record<Status, { did: Localised; do: Localised }>> = {
  requested: {
    did: words('you were asked for your consent', 'uw toestemming werd gevraagd', 'votre consentement a été demandé'),
    do: words('you are asked for your consent', 'uw toestemming wordt gevraagd', 'votre consentement est demandé'),
  },
  given: {
    did: words('you consented', 'u hebt toegestemd', 'vous avez consenti'),
    do: words('you consent', 'u stemt toe', 'vous consentez'),
  },
  refused: {
    did: words('you refused your consent', 'u hebt uw toestemming geweigerd', 'vous avez refusé votre consentement'),
    do: words('you refuse your consent', 'u weigert uw toestemming', 'vous refusez votre consentement'),
  },
  withdrawn: {
    did: words('you withdrew your consent', 'u hebt uw toestemming ingetrokken', 'vous avez retiré votre consentement'),
    do: words('you withdraw your consent', 'u trekt uw toestemming in', 'vous retirez votre consentement'),
  },
  expired: {
    did: words('your consent expired', 'uw toestemming is verlopen', 'votre consentement a expiré'),
    do: words('your consent expires', 'uw toestemming verloopt', 'votre consentement expire'),
  },
  revoked: {
    did: words('your consent was ended', 'uw toestemming werd beëindigd', 'il a été mis fin à votre consentement'),
    do: words('your consent is ended', 'uw toestemming wordt beëindigd', 'il est mis fin à votre consentement'),
  },
  objected: {
    did: words('you objected', 'u hebt bezwaar gemaakt', 'vous vous êtes opposé'),
    do: words('you object', 'u maakt bezwaar', 'vous vous opposez'),
  },
  objection_submitted: {
    did: words(
      'you objected with reasons',
      'u hebt bezwaar met redenen gemaakt',
      'vous avez introduit une opposition motivée',
    ),
    do: words('you object with reasons', 'u maakt bezwaar met redenen', 'vous introduisez une opposition motivée'),
  },
  objection_rejected: {
    did: words('your objection was not upheld', 'uw bezwaar werd niet aanvaard', 'votre opposition a été rejetée'),
    do: words('your objection is not upheld', 'uw bezwaar wordt niet aanvaard', 'votre opposition est rejetée'),
  },
  objection_lifted: {
    did: words('you took your objection back', 'u hebt uw bezwaar ingetrokken', 'vous avez retiré votre opposition'),
    do: words('you take your objection back', 'u trekt uw bezwaar in', 'vous retirez votre opposition'),
  },
};

/** By anybody else; what caused it follows. */
const DONE: Readonly<Record<Status, Localised>> = {
  requested: words('consent asked for', 'toestemming gevraagd', 'consentement demandé'),
  given: words('consent given', 'toestemming gegeven', 'consentement donné'),
  refused: words('consent refused', 'toestemming geweigerd', 'consentement refusé'),
  withdrawn: words('consent withdrawn', 'toestemming ingetrokken', 'consentement retiré'),
  expired: words('consent ended', 'toestemming beëindigd', 'consentement terminé'),
  revoked: words('consent revoked', 'toestemming herroepen', 'consentement révoqué'),
  objected: words('objection made', 'bezwaar gemaakt', 'opposition formulée'),
  objection_submitted: words(
    'objection with reasons made',
    'bezwaar met redenen gemaakt',
    'opposition motivée introduite',
  ),
  objection_rejected: words('objection not upheld', 'bezwaar niet aanvaard', 'opposition rejetée'),
  objection_lifted: words('objection taken back', 'bezwaar ingetrokken', 'opposition retirée'),
};
const UPHELD = words('objection upheld', 'bezwaar aanvaard', 'opposition admise');

const done = (status: Status, model: ChoiceModel): Localised =>
  model === 'objection-motivated' && status === 'objected' ? UPHELD : DONE[status];

/** As the evidence of an answer to a reasoned objection names its channel: also once its purpose has another choice model. */
export const ASSESSMENT_CHANNEL = 'objection-assessment';

/** What was decided, such as "you objected" or "consent given by your guardian". */
export function actWords({ status, cause, evidence }: LedgerEntry, model: ChoiceModel, l: Language): string {
  if (cause === 'person') return YOU[status].did[l];
  const isAnswer = evidence.channel === ASSESSMENT_CHANNEL;
  return `${done(status, isAnswer ? 'objection-motivated' : model)[l]} ${CAUSE[cause][l]}`;
}

const OTHERS: Readonly<Partial<Record<Cause, Localised>>> = {
  guardian: words('your guardian', 'uw voogd', 'votre tuteur'),
  agent: words('an agent on your behalf', 'een medewerker namens u', 'un agent en votre nom'),
  authority: words('an authority', 'een overheid', 'une autorité'),
  operator: words('the operator', 'de operator', 'l’opérateur'),
};

/** What could be decided, such as "you object (or your guardian or an authority)". */
export function conditionWords(status: Status, by: readonly Cause[], model: ChoiceModel, l: Language): string {
  const list = (names: readonly string[]): string => new Intl.ListFormat(l, { type: 'disjunction' }).format(names);
  if (!by.includes('person')) return `${done(status, model)[l]} ${list(by.map((cause) => CAUSE[cause][l]))}`;
  const others = by.flatMap((cause) => OTHERS[cause]?.[l] ?? []);
  const or = { en: 'or', nl: 'of', fr: 'ou' }[l];
  return others.length === 0 ? YOU[status].do[l] : `${YOU[status].do[l]} (${or} ${list(others)})`;
}
