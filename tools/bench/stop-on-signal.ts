import { aborted, shutdownSignal } from '../cli/shutdown.ts';
import { type Instance } from '../stack/instance.ts';
import { beginClosing } from '../stack/process/closing.ts';
import { releaseInstance } from '../stack/process/claim-instance.ts';
import { stopLeftovers } from '../stack/process/leftovers.ts';

const INTERRUPTED = 130;

/**
 * From now on a signal stops whatever the instance runs, once, and ends this process; further ones change nothing. Work
 * that is given to what is returned is not begun after it, nor heard of again: what it needs is being stopped.
 */
export function stopOnSignal(instance: Instance): <T>(work: () => Promise<T>) => Promise<T> {
  const signal = shutdownSignal();
  void aborted(signal).then(async () => {
    beginClosing(instance);
    await stopLeftovers(instance).catch((error: unknown) => process.stderr.write(`${String(error)}\n`));
    releaseInstance(instance);
    process.exit(INTERRUPTED);
  });
  return async (work) => {
    if (signal.aborted) return never();
    try {
      const result = await work();
      return signal.aborted ? await never() : result;
    } catch (error) {
      if (signal.aborted) return never();
      throw error;
    }
  };
}

const never = (): Promise<never> => new Promise(() => undefined);
