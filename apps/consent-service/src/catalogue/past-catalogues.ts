import { Inject, Injectable } from '@nestjs/common';
import { type Catalogue } from '@consent/consent-rules';
import { readerOn } from '@consent/postgres';
import { type DataSource } from 'typeorm';
import { CATALOGUE, DATA_SOURCE } from '../tokens.js';
import { catalogueNow } from './catalogue-now.js';
import { catalogueOf } from './versions.js';

/** The first version in force counts for the time before it too: of others nothing is known. */
const READ = `
WITH first AS (
  SELECT coalesce((SELECT from_version FROM catalogue_change WHERE applied_at IS NOT NULL ORDER BY applied_at LIMIT 1),
                  (SELECT version FROM catalogue_in_force)) AS version
)
SELECT coalesce((SELECT to_version FROM catalogue_change
                  WHERE date_trunc('milliseconds', applied_at) <= to_timestamp($1::float8 / 1000)
                  ORDER BY applied_at DESC LIMIT 1), version) AS version,
       (extract(epoch FROM date_trunc('milliseconds', stored_at)) * 1000)::float8 AS "knownSince"
  FROM first JOIN catalogue_version USING (version)`;

export interface CatalogueThen {
  catalogue: Catalogue;
  /** Epoch ms; from when on it is known which version was in force. */
  knownSince: number;
}

/** Which catalogue was in force when. */
@Injectable()
export class PastCatalogues {
  /** The version asked about last: parsing one takes longer than answering by it. */
  #last: Catalogue | null = null;

  constructor(
    @Inject(DATA_SOURCE) private readonly dataSource: DataSource,
    @Inject(CATALOGUE) private readonly catalogue: Catalogue,
  ) {}

  /** @param at epoch ms; null or to come: as of now */
  async at(at: number | null): Promise<CatalogueThen> {
    const now = catalogueNow(this.catalogue);
    const reader = readerOn(this.dataSource);
    const { rows } = await reader.query<{ version: string; knownSince: number }>(READ, [at], 'read-catalogue-then');
    if (!rows[0]) throw new Error('No version of the catalogue is in force: start consent-service once');
    const { version, knownSince } = rows[0];
    if (at === null || at >= Date.now() || version === now.version) return { catalogue: now, knownSince };
    if (this.#last?.version !== version) this.#last = await catalogueOf(reader, version);
    if (!this.#last) throw new Error(`Catalogue ${version} was in force and is not stored`);
    return { catalogue: this.#last, knownSince };
  }
}
