import { type Servers } from './config.js';

/** What every command gets: where to ask, the time, and where to tell how a long run is going. */
export interface Context {
  servers: Servers;
  now: () => number;
  /** One line of progress, to standard error: standard output holds the report alone. */
  note: (line: string) => void;
  /** Something has been set going that an interruption of this command does not end; said again, it replaces what was said of the id. */
  goesOn: (id: string, what: string) => void;
}
