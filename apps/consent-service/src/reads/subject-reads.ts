import { Inject, Injectable } from '@nestjs/common';
import { readerOn } from '@consent/postgres';
import { type DataSource } from 'typeorm';
import { DATA_SOURCE } from '../tokens.js';
import { type KnownSubject, readSubjects } from './read-subject.js';

interface Gathered {
  ids: Set<string>;
  /** null: of all purposes. */
  purposes: Set<string> | null;
  found: Promise<Map<string, KnownSubject>>;
}

/** Most subjects in one statement: more would keep the first of them waiting. */
const MOST = 50;

/**
 * Reads subjects. Questions that come in during one turn of the event loop share a statement: under load, the trips to
 * the database cost more than the reading. Each is read after it was asked for.
 */
@Injectable()
export class SubjectReads {
  #gathered: Gathered | null = null;

  constructor(@Inject(DATA_SOURCE) private readonly dataSource: DataSource) {}

  /**
   * Null when there are neither decisions nor facts.
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
    setImmediate(() => {
      if (this.#gathered === gathered) this.#gathered = null;
      readSubjects(readerOn(this.dataSource), [...gathered.ids], gathered.purposes).then(resolve, reject);
    });
    return gathered;
  }
}
