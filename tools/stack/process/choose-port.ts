import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import getPort, { portNumbers } from 'get-port';
import { type Instance } from '../instance.ts';
import { StackError } from '../stack-error.ts';
import { writeAtomically } from '../write-atomically.ts';
import { portIsFree } from './port-is-free.ts';

export interface PortWish {
  /** Who wants it, for messages. */
  owner: string;
  /** Environment variable with which a user asks for a port. */
  variable: string;
  /** The well-known one; taken when free and nothing else was asked for. */
  preferred?: number | undefined;
}

/**
 * The port asked for, or the well-known one, or that of the last start, or any free one.
 * @param note told when the well-known port is busy
 * @throws StackError when the port asked for is not a port, or is busy
 */
export async function choosePort(
  instance: Instance,
  wish: PortWish,
  note: (text: string) => void = () => {},
): Promise<number> {
  const asked = process.env[wish.variable];
  const port = asked ? await portAskedFor(wish, asked) : await anyPort(instance, wish, note);
  remember(instance, wish.variable, port);
  return port;
}

async function anyPort(instance: Instance, wish: PortWish, note: (text: string) => void): Promise<number> {
  if (wish.preferred && (await portIsFree(wish.preferred))) return wish.preferred;
  const last = remembered(instance)[wish.variable];
  const port = last && (await portIsFree(last)) ? last : await freePort();
  if (wish.preferred)
    note(`Port ${wish.preferred} is busy: ${wish.owner} uses ${port} (choose one with ${wish.variable})`);
  return port;
}

/**
 * Below the range from which systems take the ports of outgoing connections: one in there may be taken, while its server
 * is restarted, by a client that is just trying to reach it.
 */
export function freePort(): Promise<number> {
  const from = 20_000 + 50 * Math.floor(Math.random() * 200);
  return getPort({ host: '127.0.0.1', port: portNumbers(from, from + 2_000) });
}

async function portAskedFor({ owner, variable }: PortWish, asked: string): Promise<number> {
  const port = Number(asked);
  if (!Number.isInteger(port) || port < 1 || port > 65_535)
    throw new StackError(`${variable}=${asked} is not a port: expected a whole number from 1 to 65535`);
  if (await portIsFree(port)) return port;
  throw new StackError(
    `Port ${port}, asked for ${owner} by ${variable}, is busy: free it, choose another one, or unset ${variable}`,
  );
}

/** A stack that is started again is found at the same addresses. */
const memory = (instance: Instance): string => path.join(instance.dir, 'ports.json');

function remembered(instance: Instance): Record<string, number> {
  if (!existsSync(memory(instance))) return {};
  return JSON.parse(readFileSync(memory(instance), 'utf8')) as Record<string, number>;
}

function remember(instance: Instance, variable: string, port: number): void {
  writeAtomically(memory(instance), JSON.stringify({ ...remembered(instance), [variable]: port }));
}
