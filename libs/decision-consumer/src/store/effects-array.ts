import { textArray } from '@consent/postgres';

/** Effect counts as JSON text, null where there are none. */
export const effectsArray = (values: readonly (readonly { effect: string; count: number }[])[]): string =>
  textArray(values.map((effects) => (effects.length === 0 ? null : JSON.stringify(effects))));
