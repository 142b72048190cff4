import { Inject, Injectable } from '@nestjs/common';
import { readerOn } from '@consent/postgres';
import { type DataSource } from 'typeorm';
import { LOOKUPS } from '../tokens.js';
import { Turns } from '../turns.js';
import { type KnownSubject, readSubjects } from './read-subject.js';

interface Gathered {
  ids: Set<string>;
  /** null: of all purposes. */
  purposes: Set<string> | null;
  found: Promise<Map<string, KnownSubject>>;
}

/** Most subjects in one statement: more would keep the first of them waiting. */
const MOST = 50;
/** From the start of a statement to that of the next, at least: a fifth less CPU at 2,000 questions/s. */
const PAUSE_MS = 2;
/** Statements under way: what is asked meanwhile is gathered. */
export const LOOKUPS_AT_ONCE = 2;

/**
 * Reads subjects. Questions that come in during one turn of the event loop, just after a statement was sent, or while others
 * are read, share the next one: under load, the trips to the database cost more than the reading. Each is read after it was
 * asked for.
 */
@Injectable()
export class SubjectReads {
  #gathered: Gathered | null = null;
  #startedAt = 0;
  readonly #turns = new Turns(LOOKUPS_AT_ONCE);

  constructor(@Inject(LOOKUPS) private readonly lookups: DataSource) {}

  /**
   * Null when there are neither decisions nor facts nor scopes.
   * @param purposes whose states are needed; null: all. Others may be among those read
   */
  async one(subjectId: string, purposes: ReadonlySet<string> | null = null): Promise<KnownSubject | null> {
    const gathered = (this.#gathered ??= this.#gather());
    gathered.ids.add(subjectId);
    if (purposes === null) gathered.purposes = null;
    else for (const purpose of purposes) gathered.purposes?.add(purpose);
    if (gathered.ids.size >= MOST) this.#gathered = null;
    return (await gathered.found).get(subjectId) ?? null;
  }

  #gather(): Gathered {
    const { promise, resolve, reject } = Promise.withResolvers<Map<string, KnownSubject>>();
    const gathered: Gathered = { ids: new Set(), purposes: new Set(), found: promise };
    const read = (): Promise<Map<string, KnownSubject>> => {
      if (this.#gathered === gathered) this.#gathered = null;
      return readSubjects(readerOn(this.lookups), [...gathered.ids], gathered.purposes);
    };
    const start = (): void => {
      this.#startedAt = performance.now();
      void this.#turns.run(read).then(resolve, reject);
    };
    if (performance.now() - this.#startedAt >= PAUSE_MS) setImmediate(start);
    else setTimeout(start, PAUSE_MS);
    return gathered;
  }
}
