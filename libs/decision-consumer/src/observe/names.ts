/** Every metric and span of a consuming system, with its unit. Labels: outcome, direction, stream; never an id. */
export const METRICS = {
  decisions: { name: 'consent.consumer.decisions', unit: '{decision}', description: 'Decisions answered, by outcome' },
  applyLag: {
    name: 'consent.consumer.apply_lag',
    unit: 's',
    description: 'From the broker taking the decision in to its effects committed, by direction',
  },
  chunk: { name: 'consent.consumer.chunk.duration', unit: 's', description: 'One chunk: read, applied, committed' },
  retries: { name: 'consent.consumer.retries', unit: '{attempt}', description: 'Chunks that had to be tried again' },
  parked: { name: 'consent.consumer.parked', unit: '{record}', description: 'Records waiting to be released' },
  conflicts: {
    name: 'consent.consumer.conflicts',
    unit: '{decision}',
    description: 'Decisions whose version another decision has: an alarm',
  },
  closingsFailed: {
    name: 'consent.consumer.closings_failed',
    unit: '{decision}',
    description: 'Parked decisions whose triple could not even be closed: an alarm',
  },
  gaps: {
    name: 'consent.consumer.skipped_records',
    unit: '{record}',
    description: 'Offsets that were expected and never seen: expired, or reset',
  },
  seeksBack: {
    name: 'consent.consumer.seeks_back',
    unit: '{partition}',
    description: 'Partitions read again, by cause: restored database or lost acknowledgements',
  },
  acknowledgements: {
    name: 'consent.consumer.acknowledgement_queue',
    unit: '{acknowledgement}',
    description: 'Acknowledgements that the broker has not confirmed yet',
  },
  lag: { name: 'consent.consumer.lag', unit: '{record}', description: 'Consumer lag: records not applied yet' },
} as const;

export const SPANS = { chunk: 'apply chunk' } as const;

/** Links to the traces of a chunk's decisions: enough to find the way, not one per record. */
export const MOST_LINKS = 8;
