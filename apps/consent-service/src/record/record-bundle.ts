import { randomUUID } from 'node:crypto';
import {
  type BundleItem,
  type Catalogue,
  closedBy,
  type DecideCommand,
  expandBundle,
  objectsToAllMarketing,
  type Scope,
} from '@consent/consent-rules';
import { type Transaction } from '@consent/postgres';
import { lockSubjects } from '../subjects/lock-subjects.js';
import { readView } from '../subjects/read-view.js';
import { keepBundleClosing } from './bundle-closings.js';
import { recordDecisions, type RecordContext, type Recorded } from './record-decisions.js';

export interface BundleRequest {
  subjectId: string;
  /** Bundle of the catalogue, or `custom` with items. */
  kind: string;
  items: readonly BundleItem[] | null;
  /** What a bundle with `inOneScopeAt` is about; null for any other. */
  about: Scope | null;
  decidedAt: number;
  /** Who says so, and over which channel. */
  caller: string;
  channel: string;
  toCommand: (item: BundleItem, bundleId: string) => DecideCommand;
}

export interface RecordedBundle {
  bundleId: string;
  recorded: Recorded[];
  /** Triples that the bundle reaches and that were closed before. */
  unchanged: number;
}

export const isBundle = (kind: string, catalogue: Catalogue): boolean =>
  kind === 'custom' || catalogue.bundles.has(kind);

/**
 * Several decisions of one act: what of the bundle is open at this moment, under the subject's lock, is closed. Its moment
 * is kept beside them, and held against what comes in later and is older.
 */
export async function recordBundle(
  tx: Transaction,
  request: BundleRequest,
  context: RecordContext,
): Promise<RecordedBundle> {
  const { subjectId, kind } = request;
  const bundleId = randomUUID();
  const locked = await lockSubjects(tx, new Set([subjectId]));
  const { items, unchanged } = request.items
    ? { items: request.items, unchanged: 0 }
    : expandBundle(
        kind,
        await readView(tx, subjectId, locked.get(subjectId)?.facts ?? null),
        context.catalogue,
        request.about,
      );
  const commands = items.map((item) => request.toCommand(item, bundleId));
  const recorded = await recordDecisions(tx, commands, context);
  const closedAt = Math.min(request.decidedAt, context.now);
  if (request.items === null) {
    const purposes = closedBy(kind, context.catalogue);
    const { caller, channel } = request;
    await keepBundleClosing(tx, { subjectId, bundleId, kind, purposes, closedAt, caller, channel });
  }
  if (objectsToAllMarketing(kind, context.catalogue)) await keepFullMarketingObjection(tx, request, closedAt);
  return { bundleId, recorded, unchanged };
}

const KEEP_FULL_OBJECTION = `
WITH kept AS (
  INSERT INTO full_marketing_objection (subject_id, objected_at, caller, channel)
  VALUES ($1, to_timestamp($2::float8 / 1000), $3, $4)
)
UPDATE subject SET full_marketing_objection_at = greatest(full_marketing_objection_at, to_timestamp($2::float8 / 1000))
 WHERE subject_id = $1`;

/** Each is kept; the newest is what the subject is judged by. */
const keepFullMarketingObjection = (
  tx: Transaction,
  { subjectId, caller, channel }: BundleRequest,
  at: number,
): Promise<unknown> => tx.query(KEEP_FULL_OBJECTION, [subjectId, at, caller, channel]);
