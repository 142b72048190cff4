import { isDeepStrictEqual } from 'node:util';
import { type Catalogue, type Purpose } from '../types.js';

export interface CatalogueDifference {
  from: string;
  to: string;
  added: string[];
  removed: string[];
  changed: { id: string; fields: { field: keyof Purpose; from: unknown; to: unknown }[] }[];
}

/** What a new version of the catalogue says otherwise about its purposes, in the order of the newer one. */
export function diffCatalogues(from: Catalogue, to: Catalogue): CatalogueDifference {
  const changed = [...to.purposes.values()].flatMap((now) => {
    const before = from.purposes.get(now.id);
    const fields = before === undefined ? [] : changedFields(before, now);
    return fields.length === 0 ? [] : [{ id: now.id, fields }];
  });
  return {
    from: from.version,
    to: to.version,
    added: [...to.purposes.keys()].filter((id) => !from.purposes.has(id)),
    removed: [...from.purposes.keys()].filter((id) => !to.purposes.has(id)),
    changed,
  };
}

const changedFields = (from: Purpose, to: Purpose) =>
  (Object.keys(to) as (keyof Purpose)[])
    .filter((field) => !isDeepStrictEqual(from[field], to[field]))
    .map((field) => ({ field, from: from[field], to: to[field] }));
