import { type Language, type Localised } from '../types.js';
import { words } from './words.js';

/** Where something was said, as a sentence names it after "through". */
const CHANNEL: Readonly<Record<string, Localised>> = {
  'myproximus-web': words('MyProximus', 'MyProximus', 'MyProximus'),
  'proximus-plus-app': words('the Proximus+ app', 'de Proximus+-app', 'l’app Proximus+'),
  'tv-options-menu': words('the TV menu', 'het tv-menu', 'le menu TV'),
  'pickx-tv-settings': words(
    'the settings of Pickx on TV',
    'de instellingen van Pickx op tv',
    'les réglages de Pickx sur la TV',
  ),
  'call-centre': words('customer service', 'de klantendienst', 'le service clientèle'),
  'during-call': words('a telephone call', 'een telefoongesprek', 'un appel téléphonique'),
  chat: words('chat', 'chat', 'le chat'),
  'web-form': words('a web form', 'een webformulier', 'un formulaire web'),
  'email-dpo': words(
    'an e-mail to the data protection office',
    'een e-mail aan de functionaris voor gegevensbescherming',
    'un e-mail au délégué à la protection des données',
  ),
  'letter-dpo': words(
    'a letter to the data protection office',
    'een brief aan de functionaris voor gegevensbescherming',
    'une lettre au délégué à la protection des données',
  ),
  'email-directory': words(
    'an e-mail to the directory service',
    'een e-mail aan de telefoongidsdienst',
    'un e-mail au service des annuaires',
  ),
  'letter-directory': words(
    'a letter to the directory service',
    'een brief aan de telefoongidsdienst',
    'une lettre au service des annuaires',
  ),
  'email-unsubscribe': words(
    'the unsubscribe link of an e-mail',
    'de uitschrijflink in een e-mail',
    'le lien de désinscription d’un e-mail',
  ),
  'sms-stop': words('STOP by SMS', 'STOP per sms', 'STOP par SMS'),
  'cookie-settings': words('the cookie settings', 'de cookie-instellingen', 'les paramètres des cookies'),
  youronlinechoices: words('youronlinechoices.eu', 'youronlinechoices.eu', 'youronlinechoices.eu'),
  'do-not-call-registry': words('the do-not-call list', 'de bel-me-niet-meer-lijst', 'la liste « Ne m’appelez plus »'),
  'robinson-list': words('the Robinson list', 'de Robinsonlijst', 'la liste Robinson'),
  'in-app-location-switch': words(
    'the location switch in the app',
    'de locatieschakelaar in de app',
    'le réglage de localisation dans l’app',
  ),
  'login-page-link': words(
    'a link on the login page',
    'een link op de aanmeldpagina',
    'un lien sur la page de connexion',
  ),
  'contact-third-party': words('the other company', 'het andere bedrijf', 'l’autre entreprise'),
  'event-specific-address': words(
    'the address announced at an event',
    'het adres dat op een evenement werd aangekondigd',
    'l’adresse annoncée lors d’un événement',
  ),
  'web-sign-up': words('sign-up on the website', 'inschrijving op de website', 'l’inscription sur le site web'),
  'event-sign-up': words('sign-up at an event', 'inschrijving op een evenement', 'l’inscription lors d’un événement'),
  'confirmation-link': words('the confirmation link', 'de bevestigingslink', 'le lien de confirmation'),
  'objection-assessment': words(
    'the assessment of the objection',
    'de beoordeling van het bezwaar',
    'l’examen de l’opposition',
  ),
  web: words('the website', 'de website', 'le site web'),
  app: words('the app', 'de app', 'l’app'),
  tv: words('TV', 'tv', 'la TV'),
  phone: words('telephone', 'telefoon', 'téléphone'),
  sms: words('SMS', 'sms', 'SMS'),
  email: words('e-mail', 'e-mail', 'e-mail'),
  letter: words('a letter', 'een brief', 'une lettre'),
  shop: words('a shop', 'een winkel', 'un point de vente'),
};

export const NAMED_CHANNELS: ReadonlySet<string> = new Set(Object.keys(CHANNEL));

/** The channel in words; one that nobody has named goes by its id. */
export const channelWords = (channel: string, l: Language): string => CHANNEL[channel]?.[l] ?? channel;
