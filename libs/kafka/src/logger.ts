import kafkajs, { type logCreator } from 'kafkajs';

/** What this library logs through; a pino logger fits. */
export interface Logger {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

/** Entries that say nothing an operator can act on. */
const NOISE = [
  // The wrapper throws the producer away after a failed send, which is what keeps the guarantee this entry worries about.
  'Limiting retries for the idempotent producer may invalidate EoS guarantees',
];

/** A broker's refusal of one request, as of a coordinator that still loads: it is asked again, or who asked says that it failed. */
const isOneAnswer = (namespace: string, message: string): boolean =>
  namespace === 'Connection' && message.startsWith('Response ');

/** Hands kafkajs's entries to `logger`: namespace and details kept, its own time stamp dropped. */
export function logThrough(logger: Logger): logCreator {
  return () =>
    ({ namespace, level, log }) => {
      const { message, ...details } = log;
      if (NOISE.includes(message)) return;
      const entry = { ...details, timestamp: undefined, logger: undefined, component: `kafkajs/${namespace}` };
      if (level === kafkajs.logLevel.ERROR && !isOneAnswer(namespace, message)) logger.error(entry, message);
      else if (level <= kafkajs.logLevel.WARN) logger.warn(entry, message);
      else if (level === kafkajs.logLevel.INFO) logger.info(entry, message);
      else logger.debug(entry, message);
    };
}
