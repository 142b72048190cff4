import { isDeepStrictEqual } from 'node:util';
import {
  contextsOf,
  type FactName,
  type FactSource,
  type Scope,
  type ScopeFacts,
  type SubjectContext,
  type SubjectFacts,
} from '@consent/consent-rules';
import { type KnownThen } from './read-known-then.js';

/** What was known of a subject at a moment, and who had told it. */
export interface FactsThen {
  /** Null until facts were registered, or an objection to all marketing. */
  facts: SubjectFacts | null;
  scopes: ScopeFacts[];
  /** Epoch ms; when the newest facts were registered, null before any were. */
  factsAt: number | null;
  /** As what the newest roles it had made the subject known, whether it has them still; null before any. */
  knownAs: SubjectContext | null;
  sourceOf: (fact: FactName, scope: Scope) => FactSource | null;
}

/** Facts and scopes as they stand after all that was recorded. */
export function factsThen({ facts: versions, scopes, bareScopes, objections }: KnownThen): FactsThen {
  const newest = versions.at(-1);
  const objection = objections.reduce<(typeof objections)[number] | null>(
    (latest, one) => (latest === null || one.objectedAt > latest.objectedAt ? one : latest),
    null,
  );
  const facts =
    newest || objection
      ? {
          brand: newest?.brand ?? null,
          roles: newest?.roles ?? [],
          minor: newest?.minor ?? null,
          contractStart: newest?.contractStart ?? null,
          contractEnd: newest?.contractEnd ?? null,
          fullMarketingObjectionAt: objection?.objectedAt ?? null,
          ...(!newest && { unregistered: true as const }),
        }
      : null;
  const ofScope = Map.groupBy(scopeVersions(versions, bareScopes), ({ id }) => id);

  const sourceOf = (fact: FactName, { id }: Scope): FactSource | null => {
    const own = ofScope.get(id) ?? [];
    switch (fact) {
      case 'fullMarketingObjectionAt':
        return objection && sourceIn(objection);
      case 'contactKind':
        return firstToTell(own, ({ kind }) => kind);
      case 'validFrom':
      case 'validUntil':
        return firstToTell(own, (version) => version[fact] ?? null);
      case 'brand':
        return own.at(-1)?.brand ? firstToTell(own, ({ brand }) => brand) : firstToTell(versions, ({ brand }) => brand);
      case 'roles':
        return firstToTell(versions, ({ roles }) => roles.toSorted());
      case 'minor':
      case 'contractStart':
      case 'contractEnd':
        return firstToTell(versions, (version) => version[fact] ?? null);
    }
  };
  return {
    facts,
    scopes: scopes.map((scope) => ({ ...scope, ...known(ofScope.get(scope.id)?.at(-1)) })),
    factsAt: newest?.recordedAt ?? null,
    knownAs: [...contextsOf(versions.findLast(({ roles }) => roles.length > 0)?.roles ?? [])][0] ?? null,
    sourceOf,
  };
}

type ScopeVersion = KnownThen['bareScopes'][number];

/** What was said of scopes with the facts and without, in the order of its recording. */
const scopeVersions = (versions: KnownThen['facts'], bareScopes: readonly ScopeVersion[]): ScopeVersion[] =>
  [
    ...versions.flatMap(({ scopes, ...version }) => scopes.map((scope) => ({ ...sourceIn(version), ...scope }))),
    ...bareScopes,
  ].sort((a, b) => a.recordedAt - b.recordedAt);

const known = (version: ScopeVersion | undefined): Partial<ScopeFacts> | undefined =>
  version && {
    brand: version.brand ?? null,
    kind: version.kind ?? null,
    validFrom: version.validFrom ?? null,
    validUntil: version.validUntil ?? null,
  };

/** The version since which it stands as the newest has it; null when there is none. */
function firstToTell<V extends FactSource>(versions: readonly V[], of: (version: V) => unknown): FactSource | null {
  const newest = versions.at(-1);
  if (newest === undefined) return null;
  const before = versions.findLastIndex((version) => !isDeepStrictEqual(of(version), of(newest)));
  return sourceIn(versions[before + 1] as V);
}

const sourceIn = ({ recordedAt, by, channel, factsVersion }: FactSource): FactSource => ({
  recordedAt,
  by,
  channel,
  factsVersion,
});
