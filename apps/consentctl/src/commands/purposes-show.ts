import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { type Purpose, purposeOf } from '../http/consent-service.js';
import { table } from '../output/table.js';
import { type Report } from '../output/report.js';
import { yesNo } from '../output/words.js';

/** One purpose with every field of the catalogue. */
export async function showPurpose({ servers }: Context, id: string): Promise<Report> {
  const purpose = await purposeOf(servers.consent, id);
  const rows = Object.entries(purpose).flatMap(([field, value]) => {
    const shown = field === 'defaultAllowed' ? defaultText(purpose) : valueText(value);
    return shown === '' ? [] : [[field, shown]];
  });
  return { json: purpose, text: table(['field', 'value'], rows), exitCode: EXIT.ok };
}

/** What holds before any decision. */
export const defaultText = ({ defaultAllowed }: Purpose): string =>
  defaultAllowed === null ? 'no choice' : yesNo(defaultAllowed);

function valueText(value: unknown): string {
  if (value === null || value === undefined) return '';
  if (Array.isArray(value)) return value.map(valueText).join('\n');
  if (typeof value === 'object') {
    return Object.entries(value)
      .map(([key, inner]) => `${key}: ${valueText(inner)}`)
      .join('\n');
  }
  return typeof value === 'string' ? value : JSON.stringify(value);
}
