import { describe, expect, it } from '@jest/globals';
import { linksTo } from './links-to.js';

const traceparent = (n: number, flags = '01'): string => `00-${String(n).repeat(32)}-${String(n).repeat(16)}-${flags}`;

describe('linksTo', () => {
  it('links to each trace once, sampled or not', () => {
    expect(linksTo([traceparent(1), traceparent(1), traceparent(2, '00')], 9).map(({ context }) => context)).toEqual([
      { traceId: '1'.repeat(32), spanId: '1'.repeat(16), traceFlags: 1, isRemote: true },
      { traceId: '2'.repeat(32), spanId: '2'.repeat(16), traceFlags: 0, isRemote: true },
    ]);
  });

  it('passes over what is no traceparent, and stops at the most it may hold', () => {
    const links = linksTo(['', '00-1-2-01', traceparent(1), traceparent(2), traceparent(3)], 2);
    expect(links.map(({ context }) => context.traceId[0])).toEqual(['1', '2']);
  });
});
