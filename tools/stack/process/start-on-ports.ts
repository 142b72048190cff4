import { type PortWish } from '../../bootstrap/asked-ports.mjs';
import { portIsFree } from '../../bootstrap/network.mjs';
import { type Instance } from '../instance.ts';
import { choosePort } from './choose-port.ts';
import { type Supervised } from './supervise.ts';
import { waitUntilReady } from './wait-until.ts';

/** What the caller of a start may say about the port. */
export interface PortChoice {
  /** The well-known one; taken when free and nothing else was asked for. */
  preferred?: number | undefined;
  /** Told which port is used when one is busy. */
  note: (text: string) => void;
  choose?: typeof choosePort;
}

/** A server that listens on ports which are chosen for it; each has a name. */
export interface PortUser<Name extends string> {
  wishes: Record<Name, PortWish>;
  start: (ports: Record<Name, number>) => Promise<Supervised>;
  /** Whether this server answers there, and not another program. */
  ready: (ports: Record<Name, number>) => Promise<boolean>;
}

export interface OnPorts<Name extends string> {
  ports: Record<Name, number>;
  process: Supervised;
}

/**
 * Starts a server and waits until it is ready. When it ends and another program has taken one of its ports since they were
 * chosen, it is started once more with another one instead.
 * @throws StackError when it ends for another reason, or the port that was taken is one that was asked for
 */
export async function startOnPorts<Name extends string>(
  instance: Instance,
  user: PortUser<Name>,
  { note, choose = choosePort }: Omit<PortChoice, 'preferred'>,
): Promise<OnPorts<Name>> {
  const names = Object.keys(user.wishes) as Name[];
  const startedOn = async (wishOf: (name: Name) => PortWish): Promise<OnPorts<Name>> => {
    const ports: Partial<Record<Name, number>> = {};
    for (const name of names) ports[name] = await choose(instance, wishOf(name), note);
    const all = ports as Record<Name, number>;
    return { ports: all, process: await user.start(all) };
  };
  const ready = async (started: OnPorts<Name>): Promise<OnPorts<Name>> => {
    await waitUntilReady(started.process, () => user.ready(started.ports));
    return started;
  };

  const first = await startedOn((name) => user.wishes[name]);
  try {
    return await ready(first);
  } catch (error) {
    if (first.process.running() || !(await someTaken(first.ports))) throw error;
  }
  // Ports that are still free are kept; of one that is not, the caller is told.
  return ready(await startedOn((name) => ({ ...user.wishes[name], preferred: first.ports[name] })));
}

async function someTaken(ports: Record<string, number>): Promise<boolean> {
  const free = await Promise.all(Object.values(ports).map(portIsFree));
  return free.includes(false);
}
