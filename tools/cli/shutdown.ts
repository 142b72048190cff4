/**
 * Aborted by Ctrl-C, SIGTERM, SIGHUP, the death of run.mjs, which closes the channel to it, or output that nobody takes
 * any more (a closed terminal or pipe, a full disk). Repeated ones change nothing: a terminal and npm both pass Ctrl-C
 * on, and leaving earlier would leave processes behind.
 */
export function shutdownSignal(): AbortSignal {
  const controller = new AbortController();
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const)
    process.on(signal, () => controller.abort(new Error(signal)));
  process.on('disconnect', () => controller.abort(new Error('run.mjs has ended')));
  for (const output of [process.stdout, process.stderr]) output.on('error', (error) => controller.abort(error));
  return controller.signal;
}

/** Resolves when the signal is aborted. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  signal.aborted
    ? Promise.resolve()
    : new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
