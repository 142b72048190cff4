import {
  type Catalogue,
  type CatalogueDifference,
  type Difference,
  diffCatalogues,
  isSame,
} from '@consent/consent-rules';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { wholeCatalogueOf } from '../http/consent-service.js';
import { fieldInWords } from '../output/field-in-words.js';
import { type Report } from '../output/report.js';
import { plural } from '../output/words.js';
import { readCatalogue } from '../read-catalogue.js';

type Compared = Parameters<typeof diffCatalogues>[0];

/** What a catalogue in a folder says otherwise than an older one: another folder, or the one in force. */
export async function diffPurposes({ servers }: Context, folders: readonly string[]): Promise<Report> {
  const [first, second] = folders.map(readCatalogue);
  if (first === undefined) throw new Error('A folder is needed');
  const from: Compared = second === undefined ? comparable(await wholeCatalogueOf(servers.consent)) : first;
  const found = diffCatalogues(from, second ?? first);
  return {
    json: found,
    text: inWords(found, from, second ?? first).join('\n'),
    exitCode: isSame(found) ? EXIT.ok : EXIT.incomplete,
  };
}

/** The service answers lists of what a catalogue holds by id. */
function comparable({
  version,
  purposes,
  systems,
  notices,
  bundles,
  confirmWithin,
}: Awaited<ReturnType<typeof wholeCatalogueOf>>): Compared {
  const byId = (list: readonly object[], key: string) =>
    new Map(list.map((entry) => [String((entry as Record<string, unknown>)[key]), entry]));
  return {
    version,
    purposes: byId(purposes, 'id') as Catalogue['purposes'],
    systems: byId(systems, 'systemId') as Catalogue['systems'],
    notices,
    bundles: byId(bundles, 'id') as Catalogue['bundles'],
    confirmWithin: new Map(Object.entries(confirmWithin)),
  };
}

function inWords(found: CatalogueDifference, from: Compared, to: Compared): string[] {
  if (isSame(found)) return [`${found.from} and ${found.to} say the same.`];
  const titleOf = ({ purposes }: Compared, id: string): string => purposes.get(id)?.title.en ?? '';
  return [
    `${found.from} → ${found.to}: ${countsOf(found)}`,
    ...found.added.map((id) => `+ ${id}: ${titleOf(to, id)} (${to.purposes.get(id)?.choiceModel})`),
    ...found.removed.map((id) => `- ${id}: ${titleOf(from, id)}`),
    ...changesIn(found),
    ...(['notices', 'bundles', 'systems', 'confirmations'] as const).flatMap((part) => {
      const lines = [
        ...found[part].added.map((id) => `+ ${id}`),
        ...found[part].removed.map((id) => `- ${id}`),
        ...changesIn(found[part]),
      ];
      return lines.length === 0 ? [] : ['', part, ...lines];
    }),
  ];
}

const countsOf = ({ added, removed, changed }: Difference): string =>
  `${plural(added.length, 'purpose')} added, ${removed.length} removed, ${changed.length} changed`;

const changesIn = ({ changed }: Difference): string[] =>
  changed.flatMap(({ id, fields }) => [
    `~ ${id}`,
    ...fields.flatMap((field) => fieldInWords(field).map((line) => `    ${line}`)),
  ]);
