import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it, jest } from '@jest/globals';
import { required, until } from '@consent/testing';
import { newSubject } from './spec-outbox.js';
import { type RelayProcessSettings } from './spec-relay-process.js';
import { specRelay, type SpecRelay, upTo } from './spec-relay.js';

jest.setTimeout(60_000);
let spec: SpecRelay;
const processes: ChildProcess[] = [];
beforeAll(async () => {
  spec = await specRelay();
});
afterEach(async () => {
  for (const child of processes.splice(0)) {
    child.kill('SIGKILL');
    await until('the end of the process', () => child.exitCode !== null || child.signalCode !== null);
  }
});
afterAll(() => spec.close());

const takeOverWithinMs = 5_000;

async function startProcess(): Promise<{ child: ChildProcess; state: () => string; log: () => string }> {
  const settings: RelayProcessSettings = {
    databaseUrl: spec.outbox.url,
    brokers: spec.on.brokers,
    registryUrl: required('SCHEMA_REGISTRY_URL'),
    prefix: spec.on.prefix,
  };
  const child = spawn(
    process.execPath,
    [
      '--conditions=@consent/source',
      `--import=${path.join(import.meta.dirname, 'spec-typescript.mjs')}`,
      path.join(import.meta.dirname, 'spec-relay-process.ts'),
      JSON.stringify(settings),
    ],
    { stdio: ['ignore', 'pipe', 'pipe'], env: { ...process.env, NODE_OPTIONS: '' } },
  );
  processes.push(child);
  let [state, log] = ['', ''];
  child.stdout.on('data', (chunk: Buffer) => (state = chunk.toString().trim().split('\n').at(-1) ?? state));
  child.stderr.on('data', (chunk: Buffer) => (log += chunk.toString()));
  await until(
    'a relay process that runs',
    () => {
      if (child.exitCode !== null) throw new Error(`The process has ended: ${log}`);
      return state !== '';
    },
    { timeoutMs: 30_000 },
  );
  return { child, state: () => state, log: () => log };
}

describe('a relay process', () => {
  it.each(['SIGSTOP', 'SIGKILL'] as const)('that gets %s frees its place for a standby within 5 s', async (signal) => {
    const subjectId = newSubject();
    const leader = await startProcess();
    await until('a leader', () => leader.state() === 'leader');
    const standby = await spec.start();
    await until('a standby', () => standby.state === 'standby');
    await spec.outbox.insert(spec.outbox.pool, [{ subjectId, version: 1 }]);
    await until('the work of the leader', () => spec.versionsOf(subjectId).length >= 1, { timeoutMs: 20_000 });

    const stoppedAt = performance.now();
    leader.child.kill(signal);
    await spec.outbox.insert(
      spec.outbox.pool,
      upTo(20).map((n) => ({ subjectId, version: n + 1 })),
    );
    await until('the work of the standby', () => spec.firstSeen(subjectId).length === 21);
    expect(performance.now() - stoppedAt).toBeLessThan(takeOverWithinMs);
    expect(standby.state).toBe('leader');

    if (signal === 'SIGSTOP') {
      leader.child.kill('SIGCONT');
      await until('the past leader to notice', () => leader.state() === 'standby');
      expect(leader.log()).toMatch(/has lost its lead/);
    }
    expect(spec.firstSeen(subjectId)).toEqual(upTo(21));
    await spec.stopRelays();
  });

  it('that gets SIGTERM ends by itself, with code 0, and leaves the lock free at once', async () => {
    const { child, state } = await startProcess();
    await until('a leader', () => state() === 'leader');
    child.kill('SIGTERM');
    await until('its end', () => child.exitCode !== null);
    expect(child.exitCode).toBe(0);
    const next = await spec.start();
    await until('the next leader', () => next.state === 'leader', { timeoutMs: 2_000 });
    await spec.stopRelays();
  });
});
