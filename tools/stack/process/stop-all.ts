import { isInfrastructure } from './leftovers.ts';
import { type Supervised } from './supervise.ts';

/**
 * Stops the services together, then what they stand on, last started first: a service still needs the broker to finish
 * its chunk. One after the other, services that wait for a broker which answers nothing took 20 s each.
 */
export async function stopAll(processes: readonly Supervised[]): Promise<void> {
  const servers = processes.filter(({ name }) => isInfrastructure(name));
  await Promise.all(processes.filter((process) => !servers.includes(process)).map((service) => service.stop()));
  for (const server of servers.reverse()) await server.stop();
}
