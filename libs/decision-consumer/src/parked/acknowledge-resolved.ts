import {
  acknowledgementFormat,
  type EffectCount,
  HEADERS,
  type Outcome,
  PropagationAcknowledgementSchema,
} from '@consent/events';
import { type RecordProducer, registrySubjectOf, type SchemaRegistry } from '@consent/kafka';
import { type DataSource } from 'typeorm';
import { replayIdOf, traceparentOf } from '../core/passed-on.js';

const AT_ONCE = 500;

interface Row {
  id: string;
  subject_id: string;
  scope_id: string;
  purpose_id: string;
  decision_id: string;
  version: number;
  outcome: Outcome;
  reason: string;
  effects: EffectCount[] | null;
  applied_at: Date;
  headers: Record<string, string>;
  topic: string;
  partition: number;
  record_offset: number;
}

export interface AcknowledgeResolved {
  readonly dataSource: DataSource;
  readonly producer: Pick<RecordProducer, 'send'>;
  readonly registry: Pick<SchemaRegistry, 'idOf'>;
  readonly topic: string;
  readonly systemId: string;
  readonly build: string;
  /** Resolves when the topic has what chunks have said so far: that a decision is parked is not to be said after what became of it. */
  readonly saidSoFar: () => Promise<void>;
}

const format = acknowledgementFormat();

/** Acknowledges what was parked and waits no more; only then its rows go. A crash in between acknowledges twice. @returns how many */
export async function acknowledgeResolved(settings: AcknowledgeResolved): Promise<number> {
  const { dataSource, producer, registry, topic, systemId, build, saidSoFar } = settings;
  const rows = await dataSource.query<Row[]>(
    `SELECT id::text, subject_id, scope_id, purpose_id, decision_id, version::float8 AS version, outcome, reason, effects,
            applied_at, headers, topic, partition, record_offset::float8 AS record_offset
     FROM parked_decision p WHERE outcome IS NOT NULL ORDER BY p.id LIMIT ${AT_ONCE}`,
  );
  if (rows.length === 0) return 0;
  await saidSoFar();
  const schemaId = await registry.idOf(registrySubjectOf(topic), PropagationAcknowledgementSchema);
  await producer.send(
    rows.map((row) => {
      const traceparent = traceparentOf(row);
      return {
        topic,
        key: row.subject_id,
        value: format.encode(schemaId, {
          decisionId: row.decision_id,
          subjectId: row.subject_id,
          version: row.version,
          scopeId: row.scope_id,
          purposeId: row.purpose_id,
          systemId,
          outcome: row.outcome,
          reason: row.reason || null,
          appliedAt: row.applied_at.getTime(),
          effects: row.effects ?? [],
          replayId: replayIdOf(row) ?? null,
          source: { topic: row.topic, partition: row.partition, offset: row.record_offset },
          build,
          parkedRecords: null,
        }),
        ...(traceparent === undefined ? {} : { headers: { [HEADERS.traceparent]: traceparent } }),
      };
    }),
  );
  await dataSource.query('DELETE FROM parked_decision WHERE id = ANY ($1::bigint[])', [rows.map(({ id }) => id)]);
  return rows.length;
}
