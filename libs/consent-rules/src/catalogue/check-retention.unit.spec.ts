import { expect, it } from '@jest/globals';
import { checkRetention } from './check-retention.js';
import { type RawPurpose, type RawRetention } from './raw.js';

const all = { appliesTo: null, period: null, starts: null, until: 'contract-end' };
const whole = { ...all, categories: ['others'] };
const letters = { appliesTo: 'letters', period: 'P1Y', starts: 'contract-end', until: null };
const unstated = { appliesTo: 'the rest', period: null, starts: null, until: null, unstated: 'C82' };

/** What is found in a purpose that uses letters and names, may open pictures, and never uses secrets. */
const faults = (...retention: RawRetention[]): string[] => {
  const purpose = {
    choiceModel: 'opt-out',
    dataCategories: ['collected:letters', 'derived:secrets'],
    dataCategoriesOutsideTable: ['collected:names'],
    categoryGates: [
      { category: 'observed:pictures', needsGrantOf: ['pictures'], decision: 'C75' },
      { category: 'derived:secrets', needsGrantOf: [], decision: 'C79' },
    ],
    retention,
  } as unknown as RawPurpose;
  const found: string[] = [];
  checkRetention(purpose, (field, message) => found.push(`${field}: ${message}`));
  return found;
};

it.each<[string, RawRetention[]]>([
  ['every kind of data has one clock', [whole, { ...letters, categories: ['collected:letters'] }]],
  [
    'the text gives the others no end, and a decision says so (C12, C82)',
    [
      { ...letters, categories: ['collected:letters'] },
      { ...unstated, categories: ['others'] },
    ],
  ],
  ['what is said of all data has nothing left to name', [all, { ...letters, categories: ['others'] }]],
  [
    'each item ends some time after its collection, whenever the contract does',
    [
      { ...letters, starts: 'data-collected', categories: ['collected:letters'] },
      { ...unstated, categories: ['others'] },
    ],
  ],
  ['only the holder of the data can tell their end', [{ ...letters, starts: 'visit-date' }]],
])('a purpose is accepted when %s', (_, retention) => {
  expect(faults(...retention)).toEqual([]);
});

it.each<[string, RawRetention[], string[]]>([
  ['whose clock names no kinds of data', [whole, letters], ['retention.1: names no kinds of data']],
  [
    'whose clock from the collection of each item names no kinds of data',
    [{ ...letters, starts: 'data-collected' }],
    [
      'retention.0: names no kinds of data',
      ...['collected:letters', 'collected:names', 'observed:pictures'].map((kind) => `retention: ${kind} has no clock`),
    ],
  ],
  [
    'whose clock goes by a name for several kinds',
    [whole, { ...letters, category: 'post' }],
    ['retention.1: goes by a name for several kinds of data, post'],
  ],
  [
    'whose clock names a kind that it does not use, or that is barred from it for good',
    [whole, { ...letters, categories: ['collected:drawings', 'derived:secrets'] }],
    [
      'retention: collected:drawings is no kind of data of this purpose',
      'retention: derived:secrets is no kind of data of this purpose',
    ],
  ],
  [
    'with a kind of data, or the others, under two clocks',
    [
      whole,
      { ...letters, categories: ['collected:letters'] },
      { ...letters, categories: ['collected:letters', 'others'] },
    ],
    ['retention: others stands under two clocks', 'retention: collected:letters stands under two clocks'],
  ],
  [
    'with kinds of data that no clock names, one that a gate opens among them',
    [{ ...letters, categories: ['collected:letters'] }],
    ['retention: collected:names has no clock', 'retention: observed:pictures has no clock'],
  ],
  [
    'with kinds of data under an end that no clock could tell',
    [whole, { ...letters, starts: 'visit-date', categories: ['collected:letters'] }],
    ['retention.1: collected:letters has no end that the clock could tell (starts visit-date, until null)'],
  ],
  [
    'that says of the same data that they have no end, and one',
    [whole, { ...letters, categories: ['collected:letters'], unstated: 'C82' }],
    ['retention.1: is unstated (C82) and has an end'],
  ],
  ['that says of no data that they have no end', [whole, unstated], ['retention.1: names no kinds of data']],
])('a purpose is refused %s', (_, retention, expected) => {
  expect(faults(...retention)).toEqual(expected);
});
