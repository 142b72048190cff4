import { topics } from '@consent/events';
import { createKafka, createProducer, SchemaRegistry } from '@consent/kafka';
import { ledgerRowToDecision } from '../ledger/index.js';
import { Relay } from './relay.js';
import { RelayMetrics } from './relay-metrics.js';

/** A relay as a process of its own, to be stopped and killed by specs. Prints its state each time that it changes. */
export interface RelayProcessSettings {
  databaseUrl: string;
  brokers: string[];
  registryUrl: string;
  prefix: string;
}

const settings = JSON.parse(process.argv[2] ?? '') as RelayProcessSettings;
const say = (details: object, message: string): void => console.error(message, details);
const relay = new Relay({
  databaseUrl: settings.databaseUrl,
  topics: topics(settings.prefix),
  registry: new SchemaRegistry({ url: settings.registryUrl }),
  producer: createProducer(createKafka({ brokers: settings.brokers, clientId: 'spec-relay' })),
  toDecision: ledgerRowToDecision,
  config: { RELAY_PORTION_ROWS: 500, RELAY_LINGER_MS: 5, RELAY_BULK_PER_SECOND: 1_000, RELAY_HEARTBEAT_MS: 1_000 },
  metrics: (leads) => new RelayMetrics({ readOutbox: () => Promise.resolve([]), leads }),
  logger: { debug: say, info: say, warn: say, error: say },
});
await relay.start();

let shown = '';
setInterval(() => {
  if (relay.state !== shown) console.log((shown = relay.state));
}, 10);
process.on('SIGTERM', () => void relay.stop().then(() => process.exit(0)));
