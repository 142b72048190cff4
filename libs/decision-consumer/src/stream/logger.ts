import { KafkaSendError, type Logger, RegistryError } from '@consent/kafka';
import { isTransient } from '@consent/postgres';

export type ConsumerLogger = Logger;

/** Whether what failed may work in a moment: broker, registry or database away. */
export function isRetriable(error: unknown): boolean {
  if (error instanceof RegistryError || error instanceof KafkaSendError) return error.retriable;
  if (isTransient(error)) return true;
  return error instanceof Error && (error as { retriable?: unknown }).retriable === true;
}
