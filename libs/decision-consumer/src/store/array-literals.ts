/*
 * PostgreSQL array literals. pg's own conversion looks at every value's type and escapes it; at thousands of values a
 * statement that shows.
 */

/** Of values that need no quotes: UUIDs, numbers, booleans, kebab-case ids, enum symbols. */
export const plainArray = (values: readonly (string | number | boolean)[]): string => `{${values.join(',')}}`;

/** Of any text, nulls included. */
export const textArray = (values: readonly (string | null)[]): string =>
  `{${values.map((value) => (value === null ? 'NULL' : quoted(value))).join(',')}}`;

const quoted = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

/** Effect counts as JSON text, null where there are none. */
export const effectsArray = (values: readonly (readonly { effect: string; count: number }[])[]): string =>
  textArray(values.map((effects) => (effects.length === 0 ? null : JSON.stringify(effects))));
