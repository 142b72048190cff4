/** Of a single broker: no copies, no automatic topics, little work while idle. */
export function brokerProperties(settings: { port: number; controllerPort: number; logs: string }): string {
  const { port, controllerPort, logs } = settings;
  const properties: Record<string, string | number | boolean> = {
    'process.roles': 'broker,controller',
    'node.id': 1,
    'controller.quorum.voters': `1@127.0.0.1:${controllerPort}`,
    listeners: `PLAINTEXT://127.0.0.1:${port},CONTROLLER://127.0.0.1:${controllerPort}`,
    'advertised.listeners': `PLAINTEXT://127.0.0.1:${port}`,
    'controller.listener.names': 'CONTROLLER',
    'listener.security.protocol.map': 'PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT',
    'log.dirs': logs,
    // Topics are created by the deploy job, with 12 partitions and append time.
    'auto.create.topics.enable': false,
    'offsets.topic.replication.factor': 1,
    'offsets.topic.num.partitions': 6,
    'transaction.state.log.replication.factor': 1,
    'transaction.state.log.min.isr': 1,
    'transaction.state.log.num.partitions': 2,
    'share.coordinator.state.topic.replication.factor': 1,
    'share.coordinator.state.topic.min.isr': 1,
    // Groups form at once: there is one member each.
    'group.initial.rebalance.delay.ms': 0,
    'num.network.threads': 2,
    'num.io.threads': 4,
    'log.segment.bytes': 134_217_728,
    // The controller writes a record each 500 ms to show that it lives; nobody watches here.
    'metadata.max.idle.interval.ms': 5_000,
  };
  return Object.entries(properties)
    .map(([key, value]) => `${key}=${typeof value === 'string' ? escaped(value) : value}\n`)
    .join('');
}

/** Java reads a properties file as Latin-1, and a backslash in it as an escape: a folder may be named in any letters. */
const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replace(/[^ -~]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);

export const LOGGING = `Configuration:
  Appenders:
    Console:
      name: STDOUT
      PatternLayout:
        pattern: '%d{ISO8601} %p %c{1} %m%n'
  Loggers:
    Root:
      level: WARN
      AppenderRef:
        - ref: STDOUT
    Logger:
      - name: kafka.server.KafkaRaftServer
        level: INFO
`;
