import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { shown } from './settings.mjs';

/** Who wants a port, the variable by which a user chooses it, and the one that is taken when free. */
export function portWishes({ databaseUrl, brokers, registryUrl } = {}) {
  const services = JSON.parse(readFileSync(new URL('../stack/services/services.json', import.meta.url), 'utf8'));
  return [
    ...(databaseUrl ? [] : [{ owner: 'PostgreSQL', variable: 'POSTGRES_PORT', preferred: 5432 }]),
    ...(brokers
      ? []
      : [
          { owner: 'Kafka', variable: 'KAFKA_PORT', preferred: 9092 },
          { owner: "Kafka's controller", variable: 'KAFKA_CONTROLLER_PORT' },
        ]),
    ...(registryUrl ? [] : [{ owner: 'the schema registry', variable: 'REGISTRY_PORT', preferred: 8081 }]),
    ...services.map(({ name, port }) => ({ owner: name, variable: portVariable(name), preferred: port })),
  ];
}

/** Environment variable with which a user asks for the port of a service. */
export const portVariable = (service) => `${service.replaceAll('-', '_').toUpperCase()}_PORT`;

/** Why the port that was asked for cannot be had; undefined when it can. */
export async function portFault({ owner, variable }, asked, isFree) {
  const port = Number(asked);
  if (!/^\d{1,5}$/.test(asked) || port < 1 || port > 65_535)
    return {
      found: `${variable} is ${shown(asked)}, which is not a port`,
      mend: 'expected a whole number from 1 to 65535',
      wrongValue: true,
    };
  if (await isFree(port)) return undefined;
  return {
    found: `Port ${port}, asked for ${owner} by ${variable}, is busy`,
    mend: `free it, choose another one, or unset ${variable}`,
  };
}

/** The faults of all ports that were asked for. */
export async function askedPortFaults(wishes, env, isFree) {
  const faults = [];
  const takenBy = new Map();
  for (const wish of wishes) {
    const asked = env[wish.variable];
    if (!asked) continue;
    const other = takenBy.get(Number(asked));
    takenBy.set(Number(asked), wish.variable);
    const fault = other
      ? {
          found: `${other} and ${wish.variable} both ask for port ${asked}`,
          mend: `choose another one for ${wish.owner}`,
          wrongValue: true,
        }
      : await portFault(wish, asked, isFree);
    if (fault) faults.push(fault);
  }
  return faults;
}

/** Whether an earlier run of the stack may hold the port still: the next start stops that before it looks again. */
export function mayBeOurs(instanceDir, port) {
  const pids = path.join(instanceDir, 'pids');
  if (!existsSync(pids) || readdirSync(pids).length === 0) return false;
  try {
    const ports = JSON.parse(readFileSync(path.join(instanceDir, 'ports.json'), 'utf8'));
    return Object.values(ports).includes(port);
  } catch {
    return false;
  }
}
