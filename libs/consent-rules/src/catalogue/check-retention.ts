import { dataClockOf, namedKinds, OTHERS, usedKinds } from './data-clocks.js';
import { type RawPurpose, type RawRetention } from './raw.js';

type Report = (field: string, message: string, expected: string) => void;

/**
 * Whether each kind of data of a purpose has one end, and no other kind has one (C11): who asks with a kind of data must not
 * be told "for ever" because its clock goes by another name. What the text gives no end says so, with the decision (C12, C82).
 */
export function checkRetention(purpose: RawPurpose, report: Report): void {
  const { retention = [] } = purpose;
  retention.forEach((one, index) => checkOne(purpose, one, (...fault) => report(`retention.${index}`, ...fault)));

  const used = usedKinds(purpose);
  const named = namedKinds(purpose);
  for (const kind of new Set(named)) {
    if (kind !== OTHERS && !used.includes(kind))
      report('retention', `${kind} is no kind of data of this purpose`, 'one that it names, or a gate opens to it');
    if (named.indexOf(kind) !== named.lastIndexOf(kind))
      report('retention', `${kind} stands under two clocks`, 'one clock for each kind of data');
  }
  const hasClock = retention.some((one) => dataClockOf(purpose, one) !== null);
  if (!hasClock || named.includes(OTHERS)) return;
  for (const kind of used)
    if (!named.includes(kind))
      report('retention', `${kind} has no clock`, 'one that names it, or `others`, or `unstated` with its decision');
}

function checkOne(purpose: RawPurpose, one: RawRetention, report: (message: string, expected: string) => void): void {
  const { category, appliesTo, categories, unstated, period, starts, until } = one;
  const isTold = dataClockOf(purpose, one) !== null;
  if (category !== undefined)
    report(`goes by a name for several kinds of data, ${category}`, '`categories`, and `formerly` for the name');
  // What is said of all data names the kinds that are left, if any are.
  if (isTold && category === undefined && categories === undefined && appliesTo !== null)
    report('names no kinds of data', '`categories`: those that it holds for');
  if (unstated !== undefined && (period ?? starts ?? until) !== null)
    report(`is unstated (${unstated}) and has an end`, 'one of the two');
  if (unstated !== undefined && categories === undefined)
    report('names no kinds of data', '`categories`: those that have no end');
  if (categories !== undefined && !isTold && unstated === undefined)
    report(
      `${categories.join(', ')} has no end that the clock could tell (starts ${starts}, until ${until})`,
      'contract-end, data-collected, `unstated` with its decision, or no categories',
    );
}
