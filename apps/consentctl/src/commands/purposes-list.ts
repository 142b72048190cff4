import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { catalogueOf } from '../http/consent-service.js';
import { table } from '../output/table.js';
import { type Report } from '../output/report.js';
import { plural } from '../output/words.js';
import { defaultText } from './purposes-show.js';

/** The purposes of the catalogue that is in force. */
export async function listPurposes({ servers }: Context): Promise<Report> {
  const { version, purposes } = await catalogueOf(servers.consent);
  const rows = purposes.map((p) => [p.id, p.choiceModel, defaultText(p), String(p.systems.length), p.title.en]);
  const head = `Catalogue ${version}: ${plural(purposes.length, 'purpose')}`;
  const text = `${head}\n${table(['purpose', 'choice', 'default', 'systems', 'title'], rows)}`;
  return { json: { version, purposes }, text, exitCode: EXIT.ok };
}
