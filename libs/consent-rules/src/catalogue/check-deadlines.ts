import { Duration } from 'luxon';
import { isPeriod } from '../calendar.js';
import { type CatalogueFault } from './catalogue-error.js';
import { type Placed, type RawSystem } from './raw.js';

/** Deadlines that nobody could keep, and a closing that may wait longer than an opening. */
export const checkDeadlines = (systems: readonly Placed<RawSystem>[]): CatalogueFault[] =>
  systems.flatMap(({ file, entry }) => {
    const { id, closing, opening, recipients } = entry;
    const faults = Object.entries({ closing, opening, recipients })
      .filter(([, period]) => period !== null && !isPeriod(period))
      .map(([field, period]) => ({
        file,
        id,
        field,
        message: `found ${period}`,
        expected: 'a period longer than nothing',
      }));
    if (Duration.fromISO(closing).toMillis() <= Duration.fromISO(opening).toMillis()) return faults;
    const late = `found ${closing}, later than an opening (${opening})`;
    return [
      ...faults,
      { file, id, field: 'closing', message: late, expected: `at most ${opening}: a closing is urgent` },
    ];
  });
