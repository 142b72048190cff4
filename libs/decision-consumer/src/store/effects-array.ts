import { plainArray, textElement } from '@consent/postgres';

type Effects = readonly { effect: string; count: number }[];

/** Effect counts as JSON text, null where there are none. Lists that are one and the same are written once. */
export function effectsArray(values: readonly Effects[]): string {
  const texts = new Map<Effects, string>();
  return plainArray(values.map((effects) => (effects.length === 0 ? null : textOf(effects, texts))));
}

function textOf(effects: Effects, texts: Map<Effects, string>): string {
  const known = texts.get(effects);
  if (known !== undefined) return known;
  const text = textElement(JSON.stringify(effects));
  texts.set(effects, text);
  return text;
}
