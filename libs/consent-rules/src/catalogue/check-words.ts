import { Duration } from 'luxon';
import { isCountable, isPeriod, LONGEST } from '../calendar.js';
import { type CatalogueFault } from './catalogue-error.js';
import { type CatalogueParts } from './check-references.js';
import { type RawPurpose } from './raw.js';

/** The brands that the statement covers; another is refused until it does (C40). */
const BRANDS = ['proximus', 'scarlet'];

/** The people that the statement speaks of. */
const SUBJECT_TYPES = [
  ...['app-user', 'caller', 'company-representative', 'contact-person', 'customer', 'customer-natural-person'],
  ...['customer-professional', 'customer-residential', 'employee', 'end-user', 'end-user-professional'],
  ...['event-participant', 'ex-customer', 'household-member', 'non-customer', 'other-operator-end-user'],
  ...['premises-visitor', 'prospect', 'prospect-professional', 'prospect-residential', 'sole-trader'],
  ...['subcontractor-staff', 'survey-participant', 'third-party-representative', 'website-visitor'],
];

/** From when the statement counts the time for which it keeps data. */
const STARTS = [
  ...['calendar-year-end', 'communication-date', 'consent-end', 'consent-given', 'contract-end', 'conversation-closed'],
  ...['data-collected', 'data-created', 'data-received-by-ads-data', 'dispute-closed', 'interaction-date'],
  ...['last-unpaid-invoice-issued', 'participation-date', 'recording-made', 'service-end', 'session-end'],
  ...['survey-date', 'verification-result-created', 'visit-date'],
];

/** Until when it keeps them, where it counts no time. */
const UNTIL = [
  ...['all-debts-settled', 'case-analysed-and-contained', 'communication-transmitted', 'consent-withdrawn'],
  ...['contract-end', 'contract-end-or-social-tariff-end', 'eligibility-check-done', 'identity-validated'],
  ...['fraud-case-investigated-and-stopped', 'location-function-switched-off', 'malicious-use-investigated'],
  ...['preference-changed-or-consent-withdrawn', 're-evaluation-finds-factor-no-longer-relevant'],
  ...['residence-check-done', 'service-unsubscribed', 'single-campaign-finished', 'subscription-end'],
];

/**
 * Words and periods that a new version must not have although they can be read: one misspelt would mean nothing and close,
 * or keep, without anybody being told; a period beyond all calendars could not be counted.
 */
export function checkWords({ purposes, systems, channels, kinds }: CatalogueParts): CatalogueFault[] {
  const faults: CatalogueFault[] = [];
  for (const { file, entry } of purposes) {
    const oneOf = (field: string, words: readonly (string | null)[], known: readonly string[]): void => {
      for (const word of words)
        if (word !== null && !known.includes(word))
          faults.push({ file, id: entry.id, field, message: `found ${word}`, expected: `one of ${known.join(', ')}` });
    };
    oneOf('brands', entry.brands, BRANDS);
    oneOf('excludedBrands', entry.excludedBrands, BRANDS);
    oneOf('subjectTypes', entry.subjectTypes, SUBJECT_TYPES);
    entry.retention?.forEach(({ starts, until }, index) => {
      oneOf(`retention.${index}.starts`, [starts], STARTS);
      oneOf(`retention.${index}.until`, [until], UNTIL);
    });
    faults.push(...tooLong(file, entry.id, periodsOf(entry)));
    if (entry.legalBasis.includes('consent') && !isPeriod(entry.proofRetention ?? 'PT0S'))
      faults.push({
        file,
        id: entry.id,
        field: 'proofRetention',
        message: `found ${entry.proofRetention ?? 'none'}`,
        expected: 'the period for which the proof of a consent is kept (C04)',
      });
  }
  for (const { file, entry } of systems) faults.push(...tooLong(file, entry.id, Object.entries(entry)));
  for (const { file, entry } of channels) faults.push(...tooLong(file, entry.id, Object.entries(entry)));
  const namesKinds = purposes.some(({ entry }) => (entry.dataCategories?.length ?? 0) > 0);
  if (kinds.length === 0 && namesKinds)
    faults.push({
      file: 'data-categories.yaml',
      id: null,
      field: '',
      message: 'missing or empty',
      expected: 'the kinds of data that purposes name',
    });
  return faults;
}

const periodsOf = ({ clocks = [], retention = [], proofRetention }: RawPurpose): [string, unknown][] => [
  ...clocks.map(({ period }, index): [string, unknown] => [`clocks.${index}.period`, period]),
  ...retention.map(({ period }, index): [string, unknown] => [`retention.${index}.period`, period]),
  ['proofRetention', proofRetention],
];

/** Of fields that hold periods among others. */
const tooLong = (file: string, id: string, fields: readonly [string, unknown][]): CatalogueFault[] =>
  fields
    .filter(([, value]) => typeof value === 'string' && Duration.fromISO(value).isValid && !isCountable(value))
    .map(([field, value]) => ({
      file,
      id,
      field,
      message: `found ${String(value)}`,
      expected: `at most ${LONGEST.years} years`,
    }));
