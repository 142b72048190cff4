import { type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { type Socket } from 'node:net';

interface Asked {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
}

const SWEEP_MS = 100;
/** For the rest of a request that is on its way, and for an answer to be read. */
const GRACE_MS = 1_000;

/** The connections of a server, and what is asked on each, so that a shutdown waits for requests in hand alone. */
export class Connections {
  readonly #server: Server;
  readonly #asked = new Map<Socket, Set<Asked>>();

  constructor(server: Server) {
    this.#server = server;
    server.on('connection', (socket: Socket) => {
      this.#asked.set(socket, new Set());
      socket.once('close', () => this.#asked.delete(socket));
    });
    server.on('request', (request, response) => {
      const asked = { request, response };
      const onSocket = this.#asked.get(request.socket);
      onSocket?.add(asked);
      response.once('close', () => onSocket?.delete(asked));
    });
  }

  /**
   * Ends connections until the returned function is called: at once those on which nothing was asked since the last answer,
   * and soon those with no request in hand, be it that the rest of one never comes, or that its answer is never read.
   */
  endIdle(): () => void {
    const busyAt = new Map<Socket, number>();
    const begun = performance.now();
    const sweep = (): void => {
      const now = performance.now();
      this.#server.closeIdleConnections();
      for (const [socket, asked] of this.#asked)
        if ([...asked].some(isInHand)) busyAt.set(socket, now);
        // Node counts a connection on which nothing was asked yet as busy.
        else if (socket.bytesRead === 0 || now - (busyAt.get(socket) ?? begun) >= GRACE_MS) socket.destroy();
    };
    sweep();
    const sweeping = setInterval(sweep, SWEEP_MS);
    return () => clearInterval(sweeping);
  }
}

/** It has come whole, and its handler runs. */
const isInHand = ({ request, response }: Asked): boolean => request.complete && !response.writableEnded;
