/**
 * `find`, remembered for as long as what it was found of. That must never change: the purposes of a catalogue, and not the
 * catalogue, which may stand for whichever is in force.
 */
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
