import { type LedgerEntry } from '@consent/consent-rules';

/**
 * The canonical JSON (RFC 8785) of an entry; without `endedCategories` where there are none, as it was sealed before they came. With its keys written in their order JSON.stringify yields exactly that,
 * since an entry holds texts, whole numbers and booleans only; several times cheaper than sorting keys each time.
 */
export const canonicalEntry = (entry: LedgerEntry): string =>
  JSON.stringify({
    attributes: sorted(entry.attributes),
    brand: entry.brand,
    bundleId: entry.bundleId,
    catalogueVersion: entry.catalogueVersion,
    cause: entry.cause,
    decidedAt: entry.decidedAt,
    decisionId: entry.decisionId,
    direction: entry.direction,
    effective: entry.effective,
    ...(entry.endedCategories.length > 0 && { endedCategories: entry.endedCategories.map(endedOf) }),
    evidence: evidenceOf(entry.evidence),
    notice: entry.notice && noticeOf(entry.notice),
    permission: {
      allowed: entry.permission.allowed,
      nextChangeAt: entry.permission.nextChangeAt,
      reason: entry.permission.reason,
    },
    purposeId: entry.purposeId,
    receivedAt: entry.receivedAt,
    scope: { id: entry.scope.id, level: entry.scope.level },
    status: entry.status,
    subjectId: entry.subjectId,
    systems: entry.systems.map(({ applyBy, systemId }) => ({ applyBy, systemId })),
    version: entry.version,
  } satisfies Canonical);

type Canonical = Omit<LedgerEntry, 'endedCategories'> & Partial<Pick<LedgerEntry, 'endedCategories'>>;

const endedOf = ({ category, endedAt }: LedgerEntry['endedCategories'][number]) => ({ category, endedAt });

const evidenceOf = ({ actor, caller, channel, origin }: LedgerEntry['evidence']): LedgerEntry['evidence'] => ({
  actor,
  caller,
  channel,
  origin: origin && { eventId: origin.eventId, system: origin.system },
});

const noticeOf = ({ contentHash, id, language, version }: NonNullable<LedgerEntry['notice']>) => ({
  contentHash,
  id,
  language,
  version,
});

const sorted = (attributes: Record<string, string>): Record<string, string> =>
  Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
