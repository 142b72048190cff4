import { type Server } from 'node:net';
import { choosePort } from './process/choose-port.ts';

/** Chooses as every start does, but `other` listens on the first port before the server that it was chosen for. */
export function takenFirst(other: Server): typeof choosePort {
  let taken = false;
  return async (...wish) => {
    const port = await choosePort(...wish);
    if (!taken) await new Promise<void>((resolve) => other.listen(port, '127.0.0.1', resolve));
    taken = true;
    return port;
  };
}
