import { DateTime, Duration } from 'luxon';

/** The statement's periods are counted by the calendar of the operator's country: leap days and daylight saving count. */
const ZONE = 'Europe/Brussels';
/** The catalogue has a handful of periods; reading one costs more than counting with it. */
const DURATIONS = new Map<string, Duration>();

/** @param from epoch ms @param period ISO 8601, such as `P3Y` */
export const addPeriod = (from: number, period: string): number =>
  DateTime.fromMillis(from, { zone: ZONE }).plus(durationOf(period)).toMillis();

function durationOf(period: string): Duration {
  const known = DURATIONS.get(period);
  if (known) return known;
  const duration = Duration.fromISO(period);
  DURATIONS.set(period, duration);
  return duration;
}
