/** Every metric and span of a consuming system, with its unit (docs/metrics.md). Labels: outcome, direction, stream, cause; never an id. */
export const METRICS = {
  decisions: {
    name: 'consent_consumer_decisions_total',
    unit: '{decision}',
    description: 'Decisions answered, by outcome',
  },
  applyLag: {
    name: 'consent_consumer_apply_lag_seconds',
    unit: 's',
    description: 'From the broker taking the decision in to its effects committed, by direction',
  },
  chunk: {
    name: 'consent_consumer_chunk_duration_seconds',
    unit: 's',
    description: 'One chunk: read, applied, committed',
  },
  retries: {
    name: 'consent_consumer_retries_total',
    unit: '{attempt}',
    description: 'Chunks that had to be tried again',
  },
  parked: { name: 'consent_consumer_parked', unit: '{record}', description: 'Records waiting to be released' },
  conflicts: {
    name: 'consent_consumer_conflicts_total',
    unit: '{decision}',
    description: 'Decisions whose version another decision has: an alarm',
  },
  closingsFailed: {
    name: 'consent_consumer_closings_failed_total',
    unit: '{decision}',
    description: 'Parked decisions whose triple could not even be closed: an alarm',
  },
  gaps: {
    name: 'consent_consumer_skipped_records_total',
    unit: '{record}',
    description: 'Offsets that were expected and never seen: expired, or reset',
  },
  seeksBack: {
    name: 'consent_consumer_seeks_back_total',
    unit: '{partition}',
    description: 'Partitions read again, by cause: restored database or lost acknowledgements',
  },
  acknowledgements: {
    name: 'consent_consumer_acknowledgement_queue',
    unit: '{acknowledgement}',
    description: 'Acknowledgements that the broker has not confirmed yet',
  },
  lag: { name: 'consent_consumer_lag', unit: '{record}', description: 'Consumer lag: records not applied yet' },
} as const;

export const SPANS = { chunk: 'apply chunk' } as const;

/** Links to the traces of a chunk's decisions: enough to find the way, not one per record. */
export const MOST_LINKS = 8;
