import { describe, expect, it } from '@jest/globals';
import { extensionNoticeBy, replyClocks } from './reply-clocks.js';

const at = (text: string): number => Date.parse(text);

describe('the clocks of a reply', () => {
  it('give a month from receipt, and a month from completeness as the date shown; both are kept (C02)', () => {
    expect(replyClocks(at('2026-11-24T10:00:00Z'), at('2026-12-01T10:00:00Z'), false)).toEqual({
      replyBy: at('2026-12-24T10:00:00Z'),
      promisedBy: at('2027-01-01T10:00:00Z'),
    });
  });

  it('promise no date while information is missing, and run from receipt all the same', () => {
    expect(replyClocks(at('2026-11-24T10:00:00Z'), null, false)).toEqual({
      replyBy: at('2026-12-24T10:00:00Z'),
      promisedBy: null,
    });
  });

  it('give three months at most, of which the person must hear within the first (C03)', () => {
    const received = at('2026-11-30T10:00:00Z');
    // The last day of February, where the month has no thirtieth.
    expect(replyClocks(received, received, true).replyBy).toBe(at('2027-02-28T10:00:00Z'));
    expect(extensionNoticeBy(received)).toBe(at('2026-12-30T10:00:00Z'));
  });

  it('keep the hour in Brussels over daylight saving', () => {
    expect(replyClocks(at('2027-03-10T10:00:00+01:00'), null, false).replyBy).toBe(at('2027-04-10T10:00:00+02:00'));
  });
});
