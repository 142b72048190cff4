import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import getPort, { portNumbers } from 'get-port';
import { askedPortFaults, portFault, portWishes, type PortWish } from '../../bootstrap/asked-ports.mjs';
import { type GivenServers } from '../../bootstrap/given-servers.mjs';
import { portIsFree } from '../../bootstrap/network.mjs';
import { type Instance } from '../instance.ts';
import { refuse } from '../stack-error.ts';
import { writeAtomically } from '../write-atomically.ts';

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
  if (wish.preferred && (await isLeft(wish.preferred))) return wish.preferred;
  const last = remembered(instance)[wish.variable];
  const port = last && (await isLeft(last)) ? last : await freePort();
  if (wish.preferred)
    note(`Port ${wish.preferred} is busy: ${wish.owner} uses ${port} (choose one with ${wish.variable})`);
  return port;
}

/** Whether it is free, and nobody was promised it. */
async function isLeft(port: number): Promise<boolean> {
  return portWishes().every(({ variable }) => Number(process.env[variable]) !== port) && portIsFree(port);
}

/** @throws StackError when one of the ports asked for cannot be had: before any work, and not when its turn has come */
export async function checkAskedPorts(given: GivenServers): Promise<void> {
  refuse((await askedPortFaults(portWishes(given), process.env, portIsFree))[0]);
}

/**
 * Below the range from which systems take the ports of outgoing connections: one in there may be taken, while its server
 * is restarted, by a client that is just trying to reach it.
 */
export function freePort(): Promise<number> {
  const from = 20_000 + 50 * Math.floor(Math.random() * 200);
  return getPort({ host: '127.0.0.1', port: portNumbers(from, from + 2_000) });
}

async function portAskedFor(wish: PortWish, asked: string): Promise<number> {
  refuse(await portFault(wish, asked, portIsFree));
  return Number(asked);
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
