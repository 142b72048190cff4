import { connect } from 'node:net';

const WITHIN_MS = 3_000;
const METADATA = 3;
/** The first that names the cluster. */
const VERSION = 2;
const CORRELATION = 7;

/** Length, key and version of the request, correlation, no client id, no topic asked for. */
const REQUEST = Buffer.alloc(4 + 14);
REQUEST.writeInt32BE(14, 0);
REQUEST.writeInt16BE(METADATA, 4);
REQUEST.writeInt16BE(VERSION, 6);
REQUEST.writeInt32BE(CORRELATION, 8);
REQUEST.writeInt16BE(-1, 12);

/** Host and port of each broker that the cluster announces; undefined when no broker answers there. */
export const announcedBrokers = (host, port) => metadataFrom(host, port).then((found) => found?.brokers);

/** Of the cluster whose broker answers there; undefined when none does. */
export const clusterIdAt = (host, port) => metadataFrom(host, port).then((found) => found?.clusterId);

/**
 * Asks for the metadata that every client begins with, in Kafka's own protocol, as this must work before any package is
 * installed.
 */
function metadataFrom(host, port) {
  return new Promise((resolve) => {
    let answer = Buffer.alloc(0);
    const socket = connect({ host, port });
    const done = (found) => {
      clearTimeout(tooLong);
      socket.destroy();
      resolve(found);
    };
    const tooLong = setTimeout(() => done(undefined), WITHIN_MS);
    socket.once('connect', () => socket.write(REQUEST));
    socket.once('error', () => done(undefined)).once('close', () => done(undefined));
    socket.on('data', (part) => {
      answer = Buffer.concat([answer, part]);
      if (answer.length >= 8 && answer.readInt32BE(4) !== CORRELATION) done(undefined);
      else if (answer.length >= 12 && answer.length >= 4 + answer.readInt32BE(0)) done(parsed(answer));
    });
  });
}

function parsed(answer) {
  try {
    const brokers = [];
    let at = 12;
    const text = () => {
      const length = answer.readInt16BE(at);
      at += 2;
      if (length < 0) return '';
      at += length;
      return answer.toString('utf8', at - length, at);
    };
    for (let left = answer.readInt32BE(8); left > 0; left--) {
      at += 4;
      const host = text();
      brokers.push({ host, port: answer.readInt32BE(at) });
      at += 4;
      text();
    }
    return { brokers, clusterId: text() };
  } catch {
    return undefined;
  }
}
