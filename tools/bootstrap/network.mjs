import { connect, createServer } from 'node:net';

export { announcedBrokers, clusterIdAt } from './broker-metadata.mjs';
export { databaseRefusal } from './database-login.mjs';

/** Whether a program could listen there now, on the loopback interface. */
export function portIsFree(port) {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen({ host: '127.0.0.1', port, exclusive: true }, () => server.close(() => resolve(true)));
  });
}

export function acceptsConnections(host, port) {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 2_000 });
    const done = (open) => () => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', done(true)).once('error', done(false)).once('timeout', done(false));
  });
}

/** Whether a Confluent-compatible registry answers there. */
export function registryAnswers(url) {
  return fetch(`${url.replace(/\/+$/, '')}/subjects`, { signal: AbortSignal.timeout(3_000) })
    .then(async (response) => response.ok && Array.isArray(await response.json()))
    .catch(() => false);
}
