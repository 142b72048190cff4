import { describe, expect, it } from '@jest/globals';
import { stopAll } from './stop-all.ts';
import { type Supervised } from './supervise.ts';

describe('stopAll', () => {
  it('waits for no service with the next, and for all of them with the servers, last started first', async () => {
    const asked: string[] = [];
    let end: () => void = () => undefined;
    const services = new Promise<void>((resolve) => (end = resolve));
    const supervised = (name: string, stopped: Promise<void>): Supervised => ({
      name,
      pid: 1,
      log: '',
      logFrom: 0,
      running: () => true,
      ended: Promise.resolve(''),
      stop: () => {
        asked.push(name);
        return stopped;
      },
    });
    const done = stopAll([
      supervised('postgres', Promise.resolve()),
      supervised('registry', Promise.resolve()),
      supervised('kafka', Promise.resolve()),
      supervised('consent-service', services),
      supervised('group-sharing', services),
    ]);
    await new Promise((resolve) => setImmediate(resolve));
    expect(asked).toEqual(['consent-service', 'group-sharing']);
    end();
    await done;
    expect(asked.slice(2)).toEqual(['kafka', 'registry', 'postgres']);
  });
});
