/** JSON for a jsonb: what PostgreSQL cannot hold (U+0000) becomes a replacement character. */
export function jsonText(value: unknown): string {
  const text = JSON.stringify(value);
  return text.includes('\\u0000') ? text.replaceAll('\\u0000', '\\ufffd') : text;
}
