import { DateTime, Duration } from 'luxon';

/** The statement's periods are counted by the calendar of the operator's country: leap days and daylight saving count. */
const ZONE = 'Europe/Brussels';

/** @param from epoch ms @param period ISO 8601, such as `P3Y` */
export const addPeriod = (from: number, period: string): number =>
  DateTime.fromMillis(from, { zone: ZONE }).plus(Duration.fromISO(period)).toMillis();
