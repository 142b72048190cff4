import { SYSTEMS } from '@consent/events';
import { Duration } from 'luxon';
import {
  type Catalogue,
  type CatalogueFile,
  type DataCategory,
  type SystemDeadlines,
  type SystemId,
} from '../types.js';
import { CatalogueError, type CatalogueFault } from './catalogue-error.js';
import { checkMeaning } from './check-meaning.js';
import { checkReferences } from './check-references.js';
import { checkText } from './check-text.js';
import { checkNoticeTexts, NOTICES, noticeVersions } from './notice-versions.js';
import {
  type Placed,
  type RawBundle,
  type RawChannel,
  type RawDataCategory,
  type RawNotice,
  type RawPurpose,
  type RawRelease,
  type RawSystem,
} from './raw.js';
import { readPart } from './read-part.js';
import { type CataloguePart } from './schema.js';
import { dependantsOf, toPurpose } from './to-purpose.js';
import { catalogueVersion } from './version.js';

/**
 * The catalogue from its files: catalogue.yaml, systems.yaml, bundles.yaml, channels.yaml,
 * data-categories.yaml, purposes/*.yaml, notices/notices.yaml and the notices' texts. Other files only count for the version; other YAML is a fault.
 * @param files names are paths below the catalogue folder, with forward slashes
 * @throws CatalogueError with every fault found
 */
export const parseCatalogue = (files: readonly CatalogueFile[]): Catalogue =>
  read(files, (release, parts) => [
    ...missingSystems(parts.systems),
    ...checkText(files, parts),
    ...checkMeaning(release, parts),
    ...strayFiles(files),
  ]);

const PART = /^(catalogue|systems|bundles|channels|data-categories|notices\/notices|purposes\/[^/]+)\.yaml$/;

/** A file that looks like a part and is none, such as a copy that an editor keeps: what it says would be lost without a word. */
const strayFiles = (files: readonly CatalogueFile[]): CatalogueFault[] =>
  files
    .filter(({ name }) => /\.ya?ml\b/i.test(name) && !PART.test(name))
    .map(({ name }) => ({
      file: name,
      id: null,
      field: '',
      message: 'is read by nobody',
      expected: 'purposes/*.yaml, or the name of another part of the catalogue',
    }));

/**
 * A catalogue that was accepted once, as it was: what is asked of newer ones does not make its time untellable. A system that
 * came later is not in it.
 * @throws CatalogueError where it cannot be read
 */
export const storedCatalogue = (files: readonly CatalogueFile[]): Catalogue => read(files, () => []);

function read(files: readonly CatalogueFile[], judge: typeof checkMeaning): Catalogue {
  const faults: CatalogueFault[] = [];
  const release = files
    .filter((f) => f.name === 'catalogue.yaml')
    .map((f) => readPart<RawRelease>('release', f, faults))[0];
  if (release === undefined)
    faults.push({
      file: 'catalogue.yaml',
      id: null,
      field: '',
      message: 'missing',
      expected: 'the date of the version',
    });
  const entries = <T>(part: CataloguePart, isPart: (name: string) => boolean): Placed<T>[] =>
    files
      .filter((f) => isPart(f.name))
      .flatMap((f) => (readPart<T[]>(part, f, faults) ?? []).map((entry) => ({ file: f.name, entry })));

  const systems = entries<RawSystem>('systems', (name) => name === 'systems.yaml');
  const purposes = entries<RawPurpose>('purposes', (name) => /^purposes\/[^/]+\.yaml$/.test(name));
  const notices = entries<RawNotice>('notices', (name) => name === NOTICES);
  const bundles = entries<RawBundle>('bundles', (name) => name === 'bundles.yaml');
  const channels = entries<RawChannel>('channels', (name) => name === 'channels.yaml');
  const kinds = entries<RawDataCategory>('dataCategories', (name) => name === 'data-categories.yaml');
  faults.push(...checkNoticeTexts(notices, files));
  // References are judged only where every file could be read: half a catalogue would blame the wrong lines.
  const parts = { systems, purposes, notices, bundles, channels, kinds };
  if (faults.length === 0) faults.push(...checkReferences(parts));
  if (faults.length === 0) faults.push(...emptiness(purposes));
  if (faults.length === 0 && release) faults.push(...judge(release, parts));
  if (faults.length > 0 || !release) throw new CatalogueError(faults);

  const dataCategories = new Map(kinds.map(({ entry }) => [entry.id, toDataCategory(entry)]));
  const all = purposes.map((purpose) => toPurpose(purpose, dataCategories.values()));
  return {
    version: catalogueVersion(release.date, files),
    purposes: new Map(all.map((p) => [p.id, p])),
    dependants: dependantsOf(all),
    notices: noticeVersions(notices.map(({ entry }) => entry)),
    bundles: new Map(bundles.map(({ entry }) => [entry.id, entry])),
    dataCategories,
    systems: new Map(systems.map(({ entry }) => [entry.id, deadlinesOf(entry)])),
    confirmWithin: new Map(
      channels.flatMap(({ entry: { id, confirmWithin } }) =>
        confirmWithin === undefined ? [] : [[id, confirmWithin]],
      ),
    ),
  };
}

const toDataCategory = ({ id, servesOnly = [], decision }: RawDataCategory): DataCategory => ({
  id,
  confined: decision === undefined ? null : { to: servesOnly, decision },
});

const deadlinesOf = ({ id, title, closing, opening, recipients }: RawSystem): SystemDeadlines => ({
  systemId: id,
  title,
  closingMs: milliseconds(closing),
  openingMs: milliseconds(opening),
  recipientsMs: recipients === null ? null : milliseconds(recipients),
});

const milliseconds = (period: string): number => Duration.fromISO(period).toMillis();

const missingSystems = (systems: readonly Placed<{ id: SystemId }>[]): CatalogueFault[] =>
  SYSTEMS.filter((id) => !systems.some(({ entry }) => entry.id === id)).map((id) => ({
    file: 'systems.yaml',
    id,
    field: '',
    message: 'missing',
    expected: 'every system with its deadlines',
  }));

const emptiness = (purposes: readonly unknown[]): CatalogueFault[] =>
  purposes.length > 0
    ? []
    : [
        {
          file: 'purposes/',
          id: null,
          field: '',
          message: 'no purpose found',
          expected: 'at least one purposes/*.yaml',
        },
      ];
