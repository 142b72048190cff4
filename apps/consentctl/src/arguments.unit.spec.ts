import { describe, expect, it } from '@jest/globals';
import { readCount, readMoment, readPurpose, readSince, readSystem, readUuid } from './arguments.js';

const NOW = Date.parse('2026-11-24T12:00:00Z');

describe('Arguments', () => {
  it.each([
    ['90s', '2026-11-24T11:58:30.000Z'],
    ['30m', '2026-11-24T11:30:00.000Z'],
    ['24h', '2026-11-23T12:00:00.000Z'],
    ['7d', '2026-11-17T12:00:00.000Z'],
    ['2026-11-24T10:00:00+02:00', '2026-11-24T08:00:00.000Z'],
  ])('since %s is %s', (value, expected) => {
    expect(new Date(readSince(value, NOW)).toISOString()).toBe(expected);
  });

  it.each([
    '',
    'yesterday',
    '5w',
    '-1h',
    '2026-11-24',
    '2026-11-24T10:00:00',
    '2026-13-01',
    '2026-02-30T00:00:00Z',
    '2026-11-25T00:00:00Z',
  ])("since '%s' is refused", (value) => expect(() => readSince(value, NOW)).toThrow(/^--since: .*\(expected /));

  it('a moment is one of the calendar, with its zone', () => {
    expect(readMoment('2028-02-29T10:00:00+02:00')).toBe('2028-02-29T08:00:00.000Z');
    for (const none of ['2026-11-31T12:00:00Z', '2027-02-29T00:00:00Z', '2026-11-24'])
      expect(() => readMoment(none)).toThrow(`--at: '${none}' is no time (expected ISO 8601 with a zone`);
  });

  it('an id may be typed in either case', () => {
    const id = '6C1F5F6E-3F0B-4C56-9F0E-0D7B3E0C8A11';
    expect(readUuid('subject id', id)).toBe(id.toLowerCase());
  });

  it('what is wrong is named with what is expected', () => {
    expect(() => readUuid('subject id', '42')).toThrow("subject id: '42' is not a UUID");
    expect(() => readSystem('directory')).toThrow('expected one of marketing-segmentation');
    expect(() => readPurpose('../admin')).toThrow('expected kebab-case');
    expect(() => readCount('--timeout', '0', 60)).toThrow("--timeout: '0' is not a whole number from 1 to 60");
  });
});
