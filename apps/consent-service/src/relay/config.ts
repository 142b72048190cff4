import { integerKey } from '@consent/service-host';
import { z } from 'zod';

/** Keys of the relay. The database, the brokers and the registry are the service's own. */
export const relayConfig = z.object({
  /** Rows read, encoded and sent at a time. */
  RELAY_PORTION_ROWS: integerKey(1, 5_000).default(1_000),
  /**
   * Least time between two portions, in milliseconds, unless the outbox has a full one: a decision after a silence goes at
   * once, those that follow it share a request, and with it the fetch and the transaction of every system.
   */
  RELAY_LINGER_MS: integerKey(0, 1_000).default(50),
  /** Rows of the bulk lane a second, at most: replays must not crowd out what people decide now. */
  RELAY_BULK_PER_SECOND: integerKey(1, 100_000).default(1_000),
  /** Time between heartbeats; the monitor expects one a second. */
  RELAY_HEARTBEAT_MS: integerKey(100, 60_000).default(1_000),
});

export type RelayConfig = z.infer<typeof relayConfig>;
