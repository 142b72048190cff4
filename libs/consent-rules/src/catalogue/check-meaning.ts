import { DateTime } from 'luxon';
import { addPeriod, isPeriod } from '../calendar.js';
import { CUSTOMERS } from '../types.js';
import { type CatalogueFault } from './catalogue-error.js';
import { checkDeadlines } from './check-deadlines.js';
import { checkNotices } from './check-notices.js';
import { type CatalogueParts } from './check-references.js';
import { checkRetention } from './check-retention.js';
import { checkWords } from './check-words.js';
import { type RawBundle, type RawPurpose, type RawRelease } from './raw.js';
import { clocksOf } from './to-purpose.js';

/** The bundle that art. 21(2) GDPR asks for. */
const OBJECTION = 'object-marketing';
/** Bundles by which a person says no to all marketing: `objectsToAllMarketing` holds only for what leaves none of it out. */
const FULL_OBJECTIONS: ReadonlySet<string> = new Set(['withdraw-all', OBJECTION, 'object-marketing-fully']);

/** The decisions on the statement are C01 to C89. */
const DECISION = /^C(0[1-9]|[1-8]\d)$/;
const A_DECISION = 'the number of a decision on the statement, C01 to C89';

/** Evidence of entries that nobody caused names this in place of a channel. */
const NO_CHANNEL = 'none';

type Report = (field: string, message: string, expected: string) => void;

/**
 * What a new version must not say although it can be read: it would promise people less than the statement does, or name
 * what does not exist. A version that is stored already is not held to it.
 */
export function checkMeaning(release: RawRelease, parts: CatalogueParts): CatalogueFault[] {
  const faults: CatalogueFault[] = [];
  const about =
    (file: string, id: string | null): Report =>
    (field, message, expected) =>
      faults.push({ file, id, field, message, expected });
  const purposes = new Map(parts.purposes.map(({ entry }) => [entry.id, entry]));
  const channels = new Set(parts.channels.map(({ entry }) => entry.id));

  if (!DateTime.fromISO(release.date).isValid)
    about('catalogue.yaml', null)('date', `found ${JSON.stringify(release.date)}`, 'a day of the calendar');
  for (const { file, entry } of parts.purposes) checkPurpose(entry, channels, about(file, entry.id));
  for (const { file, entry } of parts.bundles) checkBundle(entry, purposes, about(file, entry.id));
  for (const { file, entry } of parts.channels) {
    const report = about(file, entry.id);
    if (entry.id === NO_CHANNEL) report('id', 'stands for no channel', 'the id of a channel');
    if (entry.confirmWithin !== undefined && !isPeriod(entry.confirmWithin))
      report('confirmWithin', `found ${JSON.stringify(entry.confirmWithin)}`, 'a period longer than nothing');
  }
  const ownMarketing = [...purposes.values()].some((purpose) => purpose.ownMarketing);
  if (ownMarketing && !parts.bundles.some(({ entry }) => entry.id === OBJECTION))
    about('bundles.yaml', OBJECTION)('', 'missing', 'the bundle that objects to every own-marketing purpose');
  return [...faults, ...checkWords(parts), ...checkDeadlines(parts.systems), ...checkNotices(parts.notices)];
}

function checkPurpose(purpose: RawPurpose, channels: ReadonlySet<string>, report: Report): void {
  const { choiceModel: model, legalBasis, continues = [], clocks = [], categoryGates = [], retention = [] } = purpose;
  if (model !== 'opt-in' && legalBasis.includes('consent'))
    report('choiceModel', `found ${model}`, 'opt-in for legal basis consent');
  if (purpose.ownMarketing && model !== 'opt-in' && model !== 'opt-out')
    report(
      'ownMarketing',
      `found true for choice model ${model}`,
      'opt-in or opt-out: a no to marketing needs no reason',
    );
  if (continues.length > 0 && model !== 'opt-out')
    report('continues', `found ${continues.join(', ')} for choice model ${model}`, 'none, or choice model opt-out');
  if (isForCustomersAlone(purpose) && !clocksOf(purpose).some(({ from }) => from === 'contract-end'))
    report('clocks', 'found none from contract-end, and it speaks of customers alone', 'the clock by which it ends');
  for (const [field, entries] of [
    ['clocks', clocks],
    ['categoryGates', categoryGates],
  ] as const)
    entries.forEach(({ decision }, index) => checkDecision(decision, `${field}.${index}.decision`, report));
  retention.forEach(({ unstated }, index) => {
    if (unstated !== undefined) checkDecision(unstated, `retention.${index}.unstated`, report);
  });
  checkRetention(purpose, report);
  clocks.forEach((clock, index) => checkWindow(clock, `clocks.${index}.window`, report));
  for (const channel of purpose.channels)
    if (!channels.has(channel))
      report('channels', `${channel} is no channel of this catalogue`, 'the id of a channel in channels.yaml');
}

/** What is open for customers by default would go on after their contract until somebody tells their role (C68). */
const isForCustomersAlone = ({ choiceModel, defaultAllowed, roles }: RawPurpose): boolean =>
  choiceModel !== 'none' &&
  defaultAllowed === true &&
  roles.length > 0 &&
  roles.every((role) => CUSTOMERS.some((one) => one === role));

type RawClock = NonNullable<RawPurpose['clocks']>[number];

function checkWindow({ from, period, window }: RawClock, field: string, report: Report): void {
  if (window === undefined) return;
  const isLastPart = from === 'contract-end' && addPeriod(0, window) < addPeriod(0, period);
  if (!isPeriod(window) || !isLastPart)
    report(
      field,
      `found ${window} in ${period} from ${from}`,
      'a period longer than nothing and shorter than the one after contract-end that it ends',
    );
}

function checkBundle(bundle: RawBundle, purposes: ReadonlyMap<string, RawPurpose>, report: Report): void {
  bundle.decisions.forEach((decision, index) => checkDecision(decision, `decisions.${index}`, report));
  for (const id of bundle.purposes)
    if (purposes.get(id)?.choiceModel === 'objection-motivated')
      report('purposes', `${id} takes only an objection with reasons`, 'purposes that end without a reason');
  if (
    bundle.inOneScopeAt !== undefined &&
    !bundle.purposes.some((id) => purposes.get(id)?.scopeLevel === bundle.inOneScopeAt)
  )
    report(
      'inOneScopeAt',
      `found ${bundle.inOneScopeAt}, at which none of the purposes is decided`,
      'the scope level of one of them, or no inOneScopeAt',
    );
  if (!FULL_OBJECTIONS.has(bundle.id)) return;
  for (const { id, ownMarketing } of purposes.values())
    if (ownMarketing && !bundle.purposes.includes(id))
      report(
        'purposes',
        `${id} is own marketing and left out`,
        'every own-marketing purpose, or this is no objection to all marketing',
      );
}

function checkDecision(decision: string, field: string, report: Report): void {
  if (!DECISION.test(decision)) report(field, `found ${JSON.stringify(decision)}`, A_DECISION);
}
