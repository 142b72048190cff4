/** How a field of the catalogue changed, in a line or more. A list says what came and what went. */
export function fieldInWords({ field, from, to }: { field: string; from: unknown; to: unknown }): string[] {
  const name = WORDS[field] ?? field;
  if (Array.isArray(from) && Array.isArray(to)) {
    const [before, after] = [from.map(valueText), to.map(valueText)];
    const came = after.filter((one) => !before.includes(one)).map((one) => `${name}: now with ${one}`);
    const went = before.filter((one) => !after.includes(one)).map((one) => `${name}: no more ${one}`);
    return came.length + went.length === 0 ? [`${name}: in another order`] : [...came, ...went];
  }
  if (isRecord(from) && isRecord(to))
    return Object.keys({ ...from, ...to })
      .filter((key) => valueText(from[key]) !== valueText(to[key]))
      .map((key) => `${name} (${key}): ${valueText(from[key])} → ${valueText(to[key])}`);
  return [`${name}: ${valueText(from)} → ${valueText(to)}`];
}

const WORDS: Readonly<Record<string, string>> = {
  legalBasis: 'legal basis',
  choiceModel: 'choice model',
  defaultAllowed: 'allowed before any decision',
  scopeLevel: 'decided per',
  subjectTypes: 'subject types',
  excludedBrands: 'excluded brands',
  dependsOn: 'stands on',
  continues: 'continues under another role',
  profiling: 'profiles people',
  ownMarketing: 'own marketing, reached by an objection to all of it',
  categoryGates: 'category gates',
  dataCategories: 'kinds of data',
  dataCategoriesOutsideTable: 'kinds of data outside the table',
  contactChannels: 'contact channels',
  proofRetention: 'proof kept',
  contactKind: 'contact points',
  announcesPeriod: 'a yes names the announced period',
  contentHash: 'text (SHA-256)',
  closingMs: 'deadline of a closing, ms',
  openingMs: 'deadline of an opening, ms',
  recipientsMs: 'deadline of recipients, ms',
};

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

function valueText(value: unknown): string {
  if (value === null || value === undefined) return 'none';
  if (typeof value === 'boolean') return value ? 'yes' : 'no';
  if (Array.isArray(value)) return value.map(valueText).join(', ') || 'none';
  if (isRecord(value))
    return Object.entries(value)
      .map(([key, inner]) => `${key} ${valueText(inner)}`)
      .join(', ');
  return typeof value === 'string' ? value : JSON.stringify(value);
}
