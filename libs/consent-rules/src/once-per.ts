/** `find`, remembered for as long as what it was found of; that must never change. */
export function oncePer<Of extends object, Found>(find: (of: Of) => Found): (of: Of) => Found {
  const known = new WeakMap<Of, { found: Found }>();
  return (of) => {
    const held = known.get(of);
    if (held !== undefined) return held.found;
    const found = find(of);
    known.set(of, { found });
    return found;
  };
}
