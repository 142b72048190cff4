import { randomUUID } from 'node:crypto';
import {
  type BundleItem,
  type Catalogue,
  type DecideCommand,
  expandBundle,
  objectsToAllMarketing,
} from '@consent/consent-rules';
import { type Transaction } from '@consent/postgres';
import { lockSubjects } from '../subjects/lock-subjects.js';
import { readView } from '../subjects/read-view.js';
import { recordDecisions, type RecordContext, type Recorded } from './record-decisions.js';

export interface BundleRequest {
  subjectId: string;
  /** Bundle of the catalogue, or `custom` with items. */
  kind: string;
  items: readonly BundleItem[] | null;
  decidedAt: number;
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

/** Several decisions of one act: what of the bundle is open at this moment, under the subject's lock, is closed. */
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
    : expandBundle(kind, await readView(tx, subjectId, locked.get(subjectId)?.facts ?? null), context.catalogue);
  const commands = items.map((item) => request.toCommand(item, bundleId));
  const recorded = await recordDecisions(tx, commands, context);
  if (objectsToAllMarketing(kind, context.catalogue))
    await setFullMarketingObjection(tx, subjectId, Math.min(request.decidedAt, context.now));
  return { bundleId, recorded, unchanged };
}

const setFullMarketingObjection = (tx: Transaction, subjectId: string, at: number): Promise<unknown> =>
  tx.query(
    `UPDATE subject SET full_marketing_objection_at = greatest(full_marketing_objection_at, to_timestamp($2::float8 / 1000))
      WHERE subject_id = $1`,
    [subjectId, at],
  );
