/**
 * Aborted by Ctrl-C, SIGTERM, SIGHUP, or the death of the process above; a second Ctrl-C does not wait any longer.
 * The channel to run.mjs closes when that is killed.
 */
export function shutdownSignal(): AbortSignal {
  const controller = new AbortController();
  const stop = (reason: string) => (): void => {
    if (controller.signal.aborted && reason === 'Ctrl-C') process.exit(130);
    controller.abort(new Error(reason));
  };
  process.on('SIGINT', stop('Ctrl-C'));
  process.on('SIGTERM', stop('SIGTERM'));
  process.on('SIGHUP', stop('SIGHUP'));
  process.on('disconnect', stop('the launcher was ended'));
  return controller.signal;
}

/** Resolves when the signal is aborted. */
export const aborted = (signal: AbortSignal): Promise<void> =>
  signal.aborted
    ? Promise.resolve()
    : new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
