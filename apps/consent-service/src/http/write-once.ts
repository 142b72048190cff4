import { createHash } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { type Transaction, withTransaction } from '@consent/postgres';
import { bytesOf, parse, ProblemError } from '@consent/service-host';
import { type FastifyRequest } from 'fastify';
import { type DataSource } from 'typeorm';
import { type Caller } from '../callers/callers.js';
import { CatalogueInForce } from '../catalogue/catalogue-in-force.js';
import { CatalogueMovedError } from '../catalogue/fence.js';
import { CommitSignal } from '../commit-signal.js';
import { once, type StoredAnswer } from '../idempotency/once.js';
import { retryRaces } from '../idempotency/retry-races.js';
import { CATALOGUE, DATA_SOURCE } from '../tokens.js';
import { idempotencyKey } from './schemas/common.js';

/** The frame of every write: once per Idempotency-Key, in one transaction, again when another got in its way. */
@Injectable()
export class WriteOnce {
  readonly #dataSource: DataSource;
  readonly #committed: CommitSignal;

  readonly #catalogue: CatalogueInForce;

  constructor(
    @Inject(DATA_SOURCE) dataSource: DataSource,
    @Inject(CommitSignal) committed: CommitSignal,
    @Inject(CATALOGUE) catalogue: CatalogueInForce,
  ) {
    this.#dataSource = dataSource;
    this.#committed = committed;
    this.#catalogue = catalogue;
  }

  /**
   * @param movesCatalogue whether `work` brings another version into force
   * @throws ProblemError 400 without Idempotency-Key, 409 in flight, 422 for a key of another request
   */
  async run<A>(
    request: FastifyRequest,
    caller: Caller,
    work: (tx: Transaction) => Promise<StoredAnswer<A>>,
    movesCatalogue = false,
  ): Promise<StoredAnswer<A>> {
    const write = { caller: caller.name, key: keyOf(request), hash: hashOf(request), movesCatalogue };
    const done = await this.#underTheCatalogue((catalogueVersion) =>
      retryRaces(() =>
        withTransaction(this.#dataSource, (tx) => once<A>(tx, { ...write, catalogueVersion }, () => work(tx)), {
          rows: Array.isArray(request.body) ? request.body.length : 1,
        }),
      ),
    );
    if (!done.repeated) this.#committed.fire();
    return done;
  }

  /** When another version is in force, nothing was written: it is loaded, and the request decided by it, or by one that came meanwhile. */
  async #underTheCatalogue<T>(attempt: (catalogueVersion: string) => Promise<T>): Promise<T> {
    try {
      return await attempt(this.#catalogue.version);
    } catch (error) {
      if (!(error instanceof CatalogueMovedError)) throw error;
      const { inForce } = error;
      await this.#catalogue.refresh().catch((cause: unknown) => {
        throw notLoaded(inForce, cause);
      });
      return this.#underTheCatalogue(attempt);
    }
  }
}

const notLoaded = (inForce: string, cause: unknown): ProblemError =>
  new ProblemError(
    503,
    'catalogue-not-loaded',
    'The catalogue in force cannot be loaded',
    `Catalogue ${inForce} is in force and this service cannot load it (${(cause as Error).message}); expected a build that can, or the same request again, with the same Idempotency-Key`,
    {},
    { 'retry-after': '1' },
  );

function keyOf(request: FastifyRequest): string {
  const key = request.headers['idempotency-key'];
  if (key === undefined)
    throw new ProblemError(
      400,
      'idempotency-key-missing',
      'Writes need an Idempotency-Key',
      'Found no Idempotency-Key header; expected one of 1 to 128 visible ASCII characters, new for each request and the same when it is sent again',
    );
  return parse(idempotencyKey, key, 'header', 'idempotency-key');
}

/** Of what was sent, so that also what is refused unread tells two requests apart. */
function hashOf(request: FastifyRequest): Buffer {
  const { method, url } = request;
  const type = String(request.headers['content-type']).split(';', 1)[0]?.trim().toLowerCase();
  return createHash('sha256').update(`${method} ${url} ${type}\n`).update(bytesOf(request)).digest();
}
