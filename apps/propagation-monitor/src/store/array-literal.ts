/**
 * PostgreSQL array literals, written faster than the driver does: uuids, numbers and ids need no quotes. Values of
 * `plainArray` must hold neither commas, quotes, braces, backslashes nor spaces.
 */
export const plainArray = (values: readonly (string | number | null)[]): string => {
  let text = '{';
  for (let i = 0; i < values.length; i++) text += (i === 0 ? '' : ',') + (values[i] ?? 'NULL');
  return `${text}}`;
};

/** Any texts, quoted. */
export const textArray = (values: readonly string[]): string =>
  `{${values.map((value) => `"${value.replace(/["\\]/g, '\\$&')}"`).join(',')}}`;

/** JSON for a jsonb: what PostgreSQL cannot hold (U+0000) becomes a replacement character. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value);
  return text.includes('\\u0000') ? text.replaceAll('\\u0000', '\\ufffd') : text;
}
