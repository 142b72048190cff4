/** Name of the service, its consumer group and its log lines. */
export const SERVICE = 'propagation-monitor';

/** Every metric of the monitor: name with its unit, and the sentence that explains it (docs/metrics.md). */
export const METRICS = {
  lag: {
    name: 'consent_propagation_lag_seconds',
    unit: 's',
    description:
      'From decision committed to acknowledged as applied: outbox wait plus difference of the broker append times',
  },
  settled: {
    name: 'consent_pairs_settled_total',
    unit: '1',
    description: 'Pairs of decision and concerned system that were acknowledged as complied with, by outcome',
  },
  open: {
    name: 'consent_pairs_open',
    unit: '1',
    description: 'Pairs not complied with, by outcome: pending, parked, conflict or rejected',
  },
  parked: {
    name: 'consent_parked_records',
    unit: '1',
    description:
      'Records that wait in the system to be released: parked pairs, and unreadable records, which are no pair',
  },
  overdue: {
    name: 'consent_pairs_overdue',
    unit: '1',
    description: 'Pairs not complied with and past their deadline',
  },
  oldestAge: {
    name: 'consent_oldest_unacknowledged_age_seconds',
    unit: 's',
    description: 'Age of the oldest decision that the system has not complied with; 0 when there is none',
  },
  heartbeatAge: {
    name: 'consent_heartbeat_age_seconds',
    unit: 's',
    description: 'Time since the newest heartbeat that the system answered was appended, in its worst partition',
  },
  heartbeatsLost: {
    name: 'consent_heartbeats_lost',
    unit: '1',
    description: 'Heartbeats that the system passed over: a later one of the partition was answered, this one was not',
  },
  relayAge: {
    name: 'consent_relay_heartbeat_age_seconds',
    unit: 's',
    description:
      'Time since the newest heartbeat on consent.decisions, in its worst partition: grows when the relay is stuck; absent while the monitor is behind, when that is unknown',
  },
  word: {
    name: 'consent_system_in_step',
    unit: '1',
    description: '1 when the system is in step, 0 when it is behind or silent; absent when that is unknown',
  },
  behind: {
    name: 'consent_monitor_unread_records',
    unit: '1',
    description:
      'Records that the monitor itself has not read yet; by system for acknowledgements, "decisions" for decisions',
  },
  ledgerAttested: {
    name: 'consent_ledger_attested',
    unit: '1',
    description:
      '1 when the topic has shown all that the ledger holds and nothing else, 0 when not; absent when that is unknown',
  },
  ledgerMissing: {
    name: 'consent_ledger_missing_decisions',
    unit: '1',
    description: 'Decisions that the ledger holds, that left the outbox and that the topic never showed',
  },
  ledgerMissingAge: {
    name: 'consent_ledger_oldest_missing_age_seconds',
    unit: 's',
    description: 'Age of the oldest decision that the ledger holds and the topic never showed; 0 when there is none',
  },
  ledgerUnrecorded: {
    name: 'consent_ledger_unrecorded_decisions',
    unit: '1',
    description: 'Decisions that the topic showed and the ledger does not hold',
  },
  unusable: {
    name: 'consent_monitor_unusable_records_total',
    unit: '1',
    description: 'Records passed over because they could not be decoded or made no sense; "decisions" or the system',
  },
  chunk: {
    name: 'consent_monitor_chunk_duration_seconds',
    unit: 's',
    description: 'Time to store what was gathered, one transaction',
  },
} as const;

/** Stands in the label `system` for the decisions topic. */
export const DECISIONS = 'decisions';

export const SPANS = { store: 'store what was read' } as const;

/** Links of a span to the traces of what it stores; tracing back ends cut longer lists. */
export const MOST_LINKS = 100;
