const RETRY_MS = 500;

/**
 * Tries again, twice a second, for as long as what fails is away.
 * @param isAway is told each failure, and throws the one that will not pass
 */
export async function onceBack<T>(work: () => Promise<T>, isAway: (error: unknown) => void): Promise<T> {
  for (;;) {
    try {
      return await work();
    } catch (error) {
      isAway(error);
      await new Promise((resolve) => setTimeout(resolve, RETRY_MS));
    }
  }
}
