import { type Catalogue, type CatalogueFile } from '@consent/consent-rules';
import { type Logger } from '@consent/service-host';
import { type Reader } from '../ledger/read-positions.js';
import { Turns } from '../turns.js';
import { catalogueOf, storeVersion, versionInForce } from './versions.js';

/**
 * The catalogue that this service decides by: the version in force, as the database has it. It moves only by `refresh`,
 * and never while a write holds the fence (`once`): a write sees one version from its beginning to its end.
 */
export class CatalogueInForce implements Catalogue {
  #current: Catalogue;
  /** One load at a time: a slow one of an older version would end under a write that holds the newer. */
  readonly #turns = new Turns(1);

  private constructor(
    readonly reader: Reader,
    current: Catalogue,
  ) {
    this.#current = current;
  }

  /** @param files what comes into force where nothing is yet: a new installation's; elsewhere they change nothing */
  static async open(reader: Reader, files: readonly CatalogueFile[], logger: Logger): Promise<CatalogueInForce> {
    const { version } = await storeVersion(reader, files, 'consent-service');
    await reader.query('INSERT INTO catalogue_in_force (version) VALUES ($1) ON CONFLICT DO NOTHING', [version]);
    const inForce = await versionInForce(reader);
    if (inForce !== version)
      logger.warn(
        { folder: version, inForce },
        'CATALOGUE_DIR holds another version than the one in force, and changes nothing: consentctl catalogue plan --catalogue <folder> shows what it would change, consentctl catalogue apply brings it into force',
      );
    return new CatalogueInForce(reader, await loaded(reader, inForce));
  }

  /** Loads the version in force where it is another. Returns it. @throws CatalogueError when this build cannot read it */
  refresh(): Promise<string> {
    return this.#turns.run(async () => {
      const version = await versionInForce(this.reader);
      if (version !== this.version) this.#current = await loaded(this.reader, version);
      return version;
    });
  }

  get version(): string {
    return this.#current.version;
  }
  get purposes(): Catalogue['purposes'] {
    return this.#current.purposes;
  }
  get dependants(): Catalogue['dependants'] {
    return this.#current.dependants;
  }
  get notices(): Catalogue['notices'] {
    return this.#current.notices;
  }
  get bundles(): Catalogue['bundles'] {
    return this.#current.bundles;
  }
  get confirmWithin(): Catalogue['confirmWithin'] {
    return this.#current.confirmWithin;
  }
  get dataCategories(): Catalogue['dataCategories'] {
    return this.#current.dataCategories;
  }
  get systems(): Catalogue['systems'] {
    return this.#current.systems;
  }
}

async function loaded(reader: Reader, version: string): Promise<Catalogue> {
  const found = await catalogueOf(reader, version);
  if (!found) throw new Error(`Catalogue ${version} is in force and not stored`);
  return found;
}
