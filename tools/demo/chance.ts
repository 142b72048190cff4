/** Reproducible chance: the same seed gives the same draws, on every machine. */
export interface Chance {
  /** At least 0, below 1. */
  fraction(): number;
  /** From 0 to below `n`. */
  below(n: number): number;
  happens(probability: number): boolean;
  pick<T>(from: readonly T[]): T;
  /** One of the values, each as likely as its weight. */
  weighted<T>(from: readonly (readonly [weight: number, value: T])[]): T;
  /** A version 4 UUID. */
  uuid(): string;
}

/** sfc32, seeded by splitmix32. */
export function chance(seed: number): Chance {
  let s = seed >>> 0;
  const split = (): number => {
    s = (s + 0x9e3779b9) | 0;
    let t = Math.imul(s ^ (s >>> 16), 0x21f0aaad);
    t = Math.imul(t ^ (t >>> 15), 0x735a2d97);
    return (t ^ (t >>> 15)) >>> 0;
  };
  let [a, b, c, counter] = [split(), split(), split(), 1];
  const next = (): number => {
    const t = (((a + b) | 0) + counter) | 0;
    counter = (counter + 1) | 0;
    a = b ^ (b >>> 9);
    b = (c + (c << 3)) | 0;
    c = (((c << 21) | (c >>> 11)) + t) | 0;
    return t >>> 0;
  };
  const fraction = (): number => next() / 2 ** 32;
  const below = (n: number): number => Math.floor(fraction() * n);
  const at = <T>(from: readonly T[], index: number): T => {
    if (index >= from.length) throw new RangeError('Nothing to pick from');
    return from[index] as T;
  };
  return {
    fraction,
    below,
    happens: (probability) => fraction() < probability,
    pick: (from) => at(from, below(from.length)),
    weighted: (from) => {
      let left = fraction() * from.reduce((sum, [weight]) => sum + weight, 0);
      return at(
        from,
        from.findIndex(([weight]) => (left -= weight) < 0),
      )[1];
    },
    uuid: () => {
      const hex = [next(), next(), next(), next()].map((n) => n.toString(16).padStart(8, '0')).join('');
      const variant = (8 + (parseInt(hex.charAt(16), 16) & 3)).toString(16);
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
    },
  };
}
