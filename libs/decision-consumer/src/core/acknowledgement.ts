import { HEARTBEAT_PURPOSE, type PropagationAcknowledgement } from '@consent/events';
import { type Concluded } from './conclude.js';

/**
 * The system's statement about one arrival.
 * @param parkedRecords said in answers to heartbeats: unreadable records have no decision that could be answered; null: not counted yet
 */
export function acknowledgementOf(
  { arrival, outcome, reason, effects, appliedAt }: Concluded,
  systemId: string,
  build: string,
  parkedRecords: number | null,
): PropagationAcknowledgement {
  const { decision, record, replay } = arrival;
  return {
    decisionId: decision.decisionId,
    subjectId: decision.subjectId,
    version: decision.version,
    scopeId: decision.scope.id,
    purposeId: decision.purposeId,
    systemId,
    outcome,
    reason,
    appliedAt,
    effects: effects as PropagationAcknowledgement['effects'],
    replayId: replay?.id ?? null,
    source: { topic: record.topic, partition: record.partition, offset: record.offset },
    build,
    parkedRecords: decision.purposeId === HEARTBEAT_PURPOSE ? parkedRecords : null,
  };
}
