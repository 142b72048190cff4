/*
 * PostgreSQL array literals. pg's own conversion looks at the type of each value and escapes it; at thousands of values a
 * statement that shows.
 */

/** Of values that need no quotes: UUIDs, numbers, booleans, kebab-case ids, enum symbols; nulls included. */
export const plainArray = (values: readonly (string | number | boolean | null)[]): string => {
  let text = '{';
  for (let i = 0; i < values.length; i++) text += (i === 0 ? '' : ',') + (values[i] ?? 'NULL');
  return `${text}}`;
};

/** Of any text, nulls included. */
export const textArray = (values: readonly (string | null)[]): string =>
  `{${values.map((value) => (value === null ? 'NULL' : quoted(value))).join(',')}}`;

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;
