import { type CategoryVerdict } from '../permission-for-category.js';
import { REASONS } from '../reasons.js';
import { type Localised } from '../types.js';
import { type Step } from './explanation.js';
import { day, inEach, words } from './words.js';

type CategoryStep = Pick<Extract<Step, { kind: 'category' }>, 'decisions' | 'outcome' | 'sentence'>;

/** C11: a clock for each kind of data under each purpose. */
const RETENTION = ['C11'];

/** What the kind of data does to the answer. */
export function categoryStep(verdict: CategoryVerdict): CategoryStep {
  switch (verdict.kind) {
    case 'barred':
      return { decisions: [verdict.decision], outcome: 'closes', sentence: REASONS[verdict.reason] };
    case 'ended':
      return { decisions: RETENTION, outcome: 'closes', sentence: ended(verdict.endedAt) };
    case 'usable': {
      const { since: from, until } = verdict;
      if (from === null && until === null) return { decisions: [], outcome: 'passes', sentence: USABLE };
      return { decisions: RETENTION, outcome: 'limits', sentence: bounded(from, until) };
    }
  }
}

const USABLE = words(
  'Data of this kind may be used for it.',
  'Dit soort gegevens mag ervoor gebruikt worden.',
  'Les données de ce type peuvent y servir.',
);
const since = (from: number): Localised =>
  inEach(
    (l) =>
      ({
        en: `Only data of this kind collected since ${day(from, l)} may be used for it.`,
        nl: `Enkel gegevens van dit soort die verzameld zijn sinds ${day(from, l)}, mogen ervoor gebruikt worden.`,
        fr: `Seules les données de ce type collectées depuis le ${day(from, l)} peuvent y servir.`,
      })[l],
  );
const UNTIL = words('They come to their end on', 'Ze bereiken hun einde op', 'Leur conservation prend fin le');
const ENDED = words('Their retention ended on', 'Hun bewaring eindigde op', 'Leur conservation a pris fin le');

const ended = (at: number): Localised => inEach((l) => `${REASONS.category_ended[l]} ${ENDED[l]} ${day(at, l)}.`);

const bounded = (from: number | null, until: number | null): Localised =>
  inEach((l) => {
    const usable = (from === null ? USABLE : since(from))[l];
    return until === null ? usable : `${usable} ${UNTIL[l]} ${day(until, l)}.`;
  });
