import { describe, expect, it } from '@jest/globals';
import { Health } from './health.js';

describe('health', () => {
  it('is ready only once started, with every probe well, and not while stopping', async () => {
    const health = new Health();
    let ok = true;
    health.register('database', 'ready', () => ({ ok, detail: 'd' }));
    expect((await health.report('ready')).ok).toBe(false);
    health.started();
    expect((await health.report('ready')).ok).toBe(true);
    ok = false;
    expect(await health.report('ready')).toMatchObject({ ok: false, checks: { database: { ok: false } } });
    ok = true;
    health.stopping();
    expect((await health.report('ready')).checks['service']).toEqual({ ok: false, detail: 'shutting down' });
    expect((await health.report('live')).ok).toBe(true);
  });

  it('takes a probe that throws for a failed one, and says why', async () => {
    const health = new Health();
    health.register('reading', 'live', () => Promise.reject(new Error('stalled')));
    expect((await health.report('live')).checks['reading']).toEqual({ ok: false, detail: 'stalled' });
  });

  it('refuses two probes under one name', () => {
    const health = new Health();
    health.register('a', 'live', () => ({ ok: true, detail: '' }));
    expect(() => health.register('a', 'live', () => ({ ok: true, detail: '' }))).toThrow('registered already');
  });
});
