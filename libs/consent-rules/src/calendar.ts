import { DateTime, Duration } from 'luxon';

/** The statement's periods are counted by the calendar of the operator's country: leap days and daylight saving count. */
export const ZONE = 'Europe/Brussels';

/** One subject's clocks are counted for purpose after purpose from the same few moments, and a time zone is slow to ask. */
const COUNTED = new Map<string, number>();
const MOST = 4_096;

/** Whether a text is a period longer than nothing, ISO 8601. */
export const isPeriod = (text: string): boolean => Duration.fromISO(text).toMillis() > 0;

/** @param from epoch ms @param period ISO 8601, such as `P3Y` */
export function addPeriod(from: number, period: string): number {
  const key = `${from} ${period}`;
  const known = COUNTED.get(key);
  if (known !== undefined) return known;
  const end = DateTime.fromMillis(from, { zone: ZONE }).plus(Duration.fromISO(period)).toMillis();
  if (COUNTED.size >= MOST) COUNTED.clear();
  COUNTED.set(key, end);
  return end;
}
