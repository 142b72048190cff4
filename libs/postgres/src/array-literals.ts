/*
 * PostgreSQL array literals. pg's own conversion looks at the type of each value and escapes it; at thousands of values a
 * statement that shows.
 */

/** Of values that need no quotes: UUIDs, numbers, booleans, kebab-case ids, enum symbols; nulls included. */
export const plainArray = (values: readonly (string | number | boolean | null)[]): string =>
  `{${(values.includes(null) ? values.map((value) => value ?? 'NULL') : values).join(',')}}`;

/** Of any text, nulls included. */
export const textArray = (values: readonly (string | null)[]): string =>
  plainArray(values.map((value) => (value === null ? null : textElement(value))));

/** Any text as it stands in a `plainArray`. */
export const textElement = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;
