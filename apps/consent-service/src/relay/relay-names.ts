/** Names, units and meanings of what the relay measures. */
export const RELAY_METRICS = {
  depth: { name: 'consent_outbox_rows', unit: '{row}', description: 'Outbox rows that wait for publication, per lane' },
  oldestAge: {
    name: 'consent_outbox_oldest_age_seconds',
    unit: 's',
    description: 'Age of the oldest outbox row per lane; keeps rising while the relay is stuck',
  },
  published: {
    name: 'consent_relay_published_total',
    unit: '{record}',
    description: 'Records that the broker has confirmed, per lane and kind',
  },
  errors: {
    name: 'consent_relay_publish_errors_total',
    unit: '{error}',
    description: 'Portions that the broker did not confirm at once, and rows that cannot be encoded',
  },
  leader: {
    name: 'consent_relay_leader',
    unit: '1',
    description: '1 while this process publishes, 0 while it stands by',
  },
} as const;

export const RELAY_TRACER = 'consent-relay';
export const PUBLISH_SPAN = 'outbox publish';
