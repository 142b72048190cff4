import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type SpecInstance, specInstance } from '../spec-instance.ts';
import { takenFirst } from '../spec-taken-port.ts';
import { choosePort, freePort } from './choose-port.ts';
import { type OnPorts, startOnPorts } from './start-on-ports.ts';
import { supervise } from './supervise.ts';

const VARIABLE = 'SPEC_FIRST_PORT';
const SECOND = 'SPEC_SECOND_PORT';
const ANSWERS =
  "require('node:http').createServer((_, response) => response.end('ours')).listen(process.argv[1], '127.0.0.1')";

describe('startOnPorts', () => {
  let instance: SpecInstance;
  let other: Server;
  let notes: string[];
  let starts: Record<'first' | 'second', number>[];

  const start = (code: string, choose: typeof choosePort): Promise<OnPorts<'first' | 'second'>> =>
    startOnPorts(
      instance,
      {
        wishes: { first: { owner: 'Kafka', variable: VARIABLE }, second: { owner: 'the rest', variable: SECOND } },
        start(ports) {
          starts.push(ports);
          const args = ['-e', code, String(ports.first)];
          return supervise(instance, { name: 'spec', command: process.execPath, args, marker: String(ports.first) });
        },
        ready: ({ first }) =>
          fetch(`http://127.0.0.1:${first}`).then(
            async (response) => (await response.text()) === 'ours',
            () => false,
          ),
      },
      { note: (text) => notes.push(text), choose },
    );

  beforeEach(() => {
    instance = specInstance();
    other = createServer((_, response) => response.end('of another start'));
    notes = [];
    starts = [];
  });
  afterEach(async () => {
    delete process.env[VARIABLE];
    other.close();
    await instance.remove();
  });

  it('chooses another port when one is taken before the server has it, says which, remembers it and keeps the others', async () => {
    const { ports, process: server } = await start(ANSWERS, takenFirst(other));
    const lost = (other.address() as AddressInfo).port;
    expect(server.running()).toBe(true);
    expect(starts).toEqual([{ first: lost, second: ports.second }, ports]);
    expect(notes).toContain(`Port ${lost} is busy: Kafka uses ${ports.first} (choose one with ${VARIABLE})`);
    expect(JSON.parse(readFileSync(path.join(instance.dir, 'ports.json'), 'utf8'))).toEqual({
      [VARIABLE]: ports.first,
      [SECOND]: ports.second,
    });
  });

  it('chooses no other port than the one that was asked for: it says who wanted it', async () => {
    const asked = await freePort();
    process.env[VARIABLE] = String(asked);
    await expect(start(ANSWERS, takenFirst(other))).rejects.toThrow(
      `Port ${asked}, asked for Kafka by ${VARIABLE}, is busy: free it, choose another one, or unset ${VARIABLE}`,
    );
    expect(starts).toHaveLength(1);
  });

  it('does not start a server again that ended for a reason of its own', async () => {
    await expect(start('process.exit(3)', choosePort)).rejects.toThrow('spec exited with code 3 before it was ready');
    expect(starts).toHaveLength(1);
  });
});
