import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { type SpecInstance, specInstance } from '../spec-instance.ts';
import { choosePort } from './choose-port.ts';

const VARIABLE = 'SPEC_CHOOSE_PORT';

describe('choosePort', () => {
  let instance: SpecInstance;
  let server: Server;
  let busy: number;

  beforeEach(async () => {
    instance = specInstance();
    server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    busy = (server.address() as AddressInfo).port;
  });
  afterEach(async () => {
    delete process.env[VARIABLE];
    server.close();
    await instance.remove();
  });

  it('takes another port than a busy well-known one, and says which', async () => {
    const notes: string[] = [];
    const port = await choosePort(instance, { owner: 'Kafka', variable: VARIABLE, preferred: busy }, (note) =>
      notes.push(note),
    );
    expect(port).not.toBe(busy);
    expect(notes).toEqual([`Port ${busy} is busy: Kafka uses ${port} (choose one with ${VARIABLE})`]);
  });

  it('refuses a busy port that was asked for, in one line that says how to mend it', async () => {
    process.env[VARIABLE] = String(busy);
    await expect(choosePort(instance, { owner: 'Kafka', variable: VARIABLE })).rejects.toThrow(
      `Port ${busy}, asked for Kafka by ${VARIABLE}, is busy: free it, choose another one, or unset ${VARIABLE}`,
    );
  });

  it.each(['kafka', '0', '70000', '80.5', '-1'])('refuses %s as a port', async (asked) => {
    process.env[VARIABLE] = asked;
    await expect(choosePort(instance, { owner: 'Kafka', variable: VARIABLE })).rejects.toThrow(
      `${VARIABLE} is "${asked}", which is not a port: expected a whole number from 1 to 65535`,
    );
  });

  it('takes the port of the last start again, so that a restarted server is found where it was', async () => {
    const wish = { owner: 'Kafka', variable: VARIABLE };
    expect(await choosePort(instance, wish)).toBe(await choosePort(instance, wish));
  });
});
