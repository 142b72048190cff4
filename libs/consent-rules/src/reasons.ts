import { typeset } from './typography.js';
import { type Localised, type ReasonCode } from './types.js';

const WORDS: Readonly<Record<ReasonCode, Localised>> = {
  given: {
    en: 'You said yes to this.',
    nl: 'U hebt hier ja op gezegd.',
    fr: 'Vous avez dit oui.',
  },
  open_by_default: {
    en: 'This needs no consent and you have not objected.',
    nl: 'Hiervoor is geen toestemming nodig en u hebt geen bezwaar gemaakt.',
    fr: 'Ceci ne demande pas de consentement et vous ne vous y êtes pas opposé.',
  },
  objection_lifted: {
    en: 'You took your objection back.',
    nl: 'U hebt uw bezwaar ingetrokken.',
    fr: 'Vous avez retiré votre opposition.',
  },
  objection_rejected: {
    en: 'Your objection was assessed and the operator may continue.',
    nl: 'Uw bezwaar werd beoordeeld en de operator mag doorgaan.',
    fr: 'Votre opposition a été examinée et l’opérateur peut continuer.',
  },
  no_choice: {
    en: 'This rests on a contract, the law or another ground that leaves no choice.',
    nl: 'Dit steunt op een contract, de wet of een andere grond die geen keuze laat.',
    fr: 'Ceci repose sur un contrat, la loi ou un autre fondement qui ne laisse pas de choix.',
  },
  frozen_after_contract: {
    en: 'A contract of yours has ended: with this consent nothing new is collected, what was known then may be used for some years more.',
    nl: 'Een contract van u is afgelopen: met deze toestemming wordt niets meer verzameld, wat toen bekend was mag nog enkele jaren gebruikt worden.',
    fr: 'Un de vos contrats est terminé : sur la base de ce consentement plus rien n’est collecté, les données connues alors peuvent encore servir quelques années.',
  },
  requested: {
    en: 'You were asked and have not answered yet.',
    nl: 'Het werd u gevraagd en u hebt nog niet geantwoord.',
    fr: 'La question vous a été posée et vous n’avez pas encore répondu.',
  },
  refused: {
    en: 'You said no to this.',
    nl: 'U hebt hier nee op gezegd.',
    fr: 'Vous avez dit non.',
  },
  withdrawn: {
    en: 'You withdrew your consent.',
    nl: 'U hebt uw toestemming ingetrokken.',
    fr: 'Vous avez retiré votre consentement.',
  },
  expired: {
    en: 'Your consent has come to its end.',
    nl: 'Uw toestemming is verlopen.',
    fr: 'Votre consentement est arrivé à son terme.',
  },
  revoked: {
    en: 'The operator or an authority ended this consent.',
    nl: 'De operator of een overheid heeft deze toestemming beëindigd.',
    fr: 'L’opérateur ou une autorité a mis fin à ce consentement.',
  },
  objected: {
    en: 'You objected to this.',
    nl: 'U hebt hiertegen bezwaar gemaakt.',
    fr: 'Vous vous y êtes opposé.',
  },
  objection_under_assessment: {
    en: 'Your objection is being assessed; nothing is done meanwhile.',
    nl: 'Uw bezwaar wordt beoordeeld; intussen gebeurt er niets.',
    fr: 'Votre opposition est à l’examen ; rien n’est fait entre-temps.',
  },
  closed_by_default: {
    en: 'This needs your consent and you have not given it.',
    nl: 'Hiervoor is uw toestemming nodig en die hebt u niet gegeven.',
    fr: 'Ceci demande votre consentement et vous ne l’avez pas donné.',
  },
  evidence_older_than_closing: {
    en: 'This yes is older than your no, so the no stands.',
    nl: 'Dit ja is ouder dan uw nee, dus het nee blijft gelden.',
    fr: 'Ce oui est antérieur à votre non : le non reste valable.',
  },
  purpose_unknown: {
    en: 'This purpose is not in the catalogue, so it is not pursued.',
    nl: 'Dit doeleinde staat niet in de catalogus en wordt dus niet nagestreefd.',
    fr: 'Cette finalité n’est pas au catalogue et n’est donc pas poursuivie.',
  },
  facts_missing: {
    en: 'Too little is known about you to tell whether this is allowed.',
    nl: 'Er is te weinig over u bekend om te weten of dit mag.',
    fr: 'Trop peu d’éléments vous concernant sont connus pour savoir si ceci est permis.',
  },
  brand_unknown: {
    en: 'The privacy statement does not cover the brand you are with.',
    nl: 'De privacyverklaring geldt niet voor het merk waarbij u klant bent.',
    fr: 'La déclaration de confidentialité ne couvre pas votre marque.',
  },
  brand_excluded: {
    en: 'This is not done for customers of your brand.',
    nl: 'Dit gebeurt niet voor klanten van uw merk.',
    fr: 'Ceci n’est pas fait pour les clients de votre marque.',
  },
  role_not_covered: {
    en: 'This concerns people in another relation to the operator than yours.',
    nl: 'Dit betreft mensen in een andere verhouding tot de operator dan de uwe.',
    fr: 'Ceci concerne des personnes dans une autre relation avec l’opérateur que la vôtre.',
  },
  minor_not_profiled: {
    en: 'No profiles are made of minors.',
    nl: 'Van minderjarigen worden geen profielen gemaakt.',
    fr: 'Aucun profil n’est établi pour les mineurs.',
  },
  age_unknown: {
    en: 'Your age is not known, and minors are not profiled.',
    nl: 'Uw leeftijd is niet bekend, en van minderjarigen wordt geen profiel gemaakt.',
    fr: 'Votre âge n’est pas connu, et les mineurs ne font pas l’objet d’un profil.',
  },
  scope_not_yet_valid: {
    en: 'This line, account, device or address is not yours yet.',
    nl: 'Deze lijn of account, dit toestel of adres is nog niet van u.',
    fr: 'Cette ligne, ce compte, cet appareil ou cette adresse n’est pas encore à vous.',
  },
  scope_ended: {
    en: 'This line, account, device or address is no longer yours.',
    nl: 'Deze lijn of account, dit toestel of adres is niet meer van u.',
    fr: 'Cette ligne, ce compte, cet appareil ou cette adresse n’est plus à vous.',
  },
  consent_lapsed: {
    en: 'Your consent was given too long ago to count.',
    nl: 'Uw toestemming is te lang geleden gegeven om nog te gelden.',
    fr: 'Votre consentement est trop ancien pour être encore valable.',
  },
  contract_ended: {
    en: 'This ended with your contract.',
    nl: 'Dit is samen met uw contract geëindigd.',
    fr: 'Ceci a pris fin avec votre contrat.',
  },
  no_contract: {
    en: 'This is done for customers only, and you have no contract.',
    nl: 'Dit gebeurt alleen voor klanten, en u hebt geen contract.',
    fr: 'Ceci n’est fait que pour les clients, et vous n’avez pas de contrat.',
  },
  consent_before_contract: {
    en: 'You said yes before your contract began, so you have to be asked again.',
    nl: 'U hebt ja gezegd voor uw contract begon, dus het moet u opnieuw gevraagd worden.',
    fr: 'Vous avez dit oui avant le début de votre contrat : la question doit vous être posée à nouveau.',
  },
  period_after_contract_over: {
    en: 'Your contract ended too long ago for this.',
    nl: 'Uw contract is hiervoor te lang geleden geëindigd.',
    fr: 'Votre contrat est terminé depuis trop longtemps pour cela.',
  },
  too_early_after_contract: {
    en: 'This is only done towards the end of the years that follow a contract, and for yours that time has not come.',
    nl: 'Dit gebeurt pas tegen het einde van de jaren na een contract, en voor het uwe is het nog niet zover.',
    fr: 'Ceci ne se fait que vers la fin des années qui suivent un contrat, et pour le vôtre ce moment n’est pas encore venu.',
  },
  contract_end_unknown: {
    en: 'When this may be done depends on the end of a contract of yours, and no end is known.',
    nl: 'Wanneer dit mag, hangt af van het einde van een contract van u, en er is geen einde bekend.',
    fr: 'Quand ceci est permis dépend de la fin d’un de vos contrats, et aucune fin n’est connue.',
  },
  prerequisite_closed: {
    en: 'This builds on another purpose that is closed.',
    nl: 'Dit bouwt voort op een ander doeleinde dat gesloten is.',
    fr: 'Ceci dépend d’une autre finalité, qui est fermée.',
  },
  full_marketing_objection: {
    en: 'You objected to all marketing.',
    nl: 'U hebt bezwaar gemaakt tegen alle marketing.',
    fr: 'Vous vous êtes opposé à tout marketing.',
  },
  refused_in_another_role: {
    en: 'You said no to the same thing before, in this relation to the operator or in another, and that no stands.',
    nl: 'U hebt eerder nee gezegd op hetzelfde, in deze verhouding tot de operator of in een andere, en dat nee blijft gelden.',
    fr: 'Vous avez déjà dit non à la même chose, dans cette relation avec l’opérateur ou dans une autre, et ce refus reste valable.',
  },
  channel_closed: {
    en: 'You may be approached for this, but not through this channel.',
    nl: 'U mag hiervoor benaderd worden, maar niet via dit kanaal.',
    fr: 'Vous pouvez être contacté à ce sujet, mais pas par ce canal.',
  },
  channel_not_covered: {
    en: 'You may be approached for this, but it is not done through this channel.',
    nl: 'U mag hiervoor benaderd worden, maar dat gebeurt niet via dit kanaal.',
    fr: 'Vous pouvez être contacté à ce sujet, mais ce canal n’y sert pas.',
  },
  category_barred: {
    en: 'This is allowed, but not with data of this kind.',
    nl: 'Dit is toegelaten, maar niet met dit soort gegevens.',
    fr: 'Ceci est autorisé, mais pas avec des données de ce type.',
  },
  category_ended: {
    en: 'This is allowed, but data of this kind have been kept for as long as they may.',
    nl: 'Dit is toegelaten, maar dit soort gegevens is zo lang bewaard als mag.',
    fr: 'Ceci est autorisé, mais les données de ce type ont atteint la fin de leur conservation.',
  },
  category_not_processed: {
    en: 'This is allowed, but data of this kind are not used for it.',
    nl: 'Dit is toegelaten, maar dit soort gegevens wordt er niet voor gebruikt.',
    fr: 'Ceci est autorisé, mais les données de ce type n’y servent pas.',
  },
};

/** Every reason in a sentence that can be shown to the person it is about; true of every purpose. */
export const REASONS = Object.fromEntries(
  Object.entries(WORDS).map(([reason, sentence]) => [reason, typeset(sentence)]),
) as Readonly<Record<ReasonCode, Localised>>;
