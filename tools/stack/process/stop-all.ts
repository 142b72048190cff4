import { type Supervised } from './supervise.ts';

/** Stops one after the other, last started first: a service still needs the broker to finish its chunk. */
export async function stopAll(processes: readonly Supervised[]): Promise<void> {
  for (const service of [...processes].reverse()) await service.stop();
}
