/** The earliest of some moments (epoch ms) at or after `from`, those that are none left out; null when none is left. */
export function earliest(moments: readonly (number | null)[], from = -Infinity): number | null {
  let found: number | null = null;
  for (const moment of moments)
    if (moment !== null && moment >= from && (found === null || moment < found)) found = moment;
  return found;
}
