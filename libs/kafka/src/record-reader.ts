import { UndecodableError, type WireFormat } from '@consent/events';
import { RegistryError, type SchemaRegistry } from './schema-registry.js';

/** Ids in bytes that are no record can be any number. */
const MOST_KEPT = 1_000;

/** Decodes records of one type, learning writer schemas from the registry once per id. */
export class RecordReader<T> {
  readonly #format: WireFormat<T>;
  readonly #registry: SchemaRegistry;
  /** Why a schema id cannot be read, as it was found last. */
  readonly #unreadable = new Map<number, UndecodableError>();

  constructor(format: WireFormat<T>, registry: SchemaRegistry) {
    this.#format = format;
    this.#registry = registry;
  }

  /** @throws UndecodableError (never retriable), or RegistryError UNREACHABLE (retry later) */
  async decode(bytes: Buffer | null): Promise<T> {
    await this.#learn(this.#format.schemaIdOf(bytes));
    return this.decodeNow(bytes);
  }

  /**
   * Learns every writer schema that the values use, so that `decodeNow` needs no waiting per record. Values that cannot
   * be decoded are passed over here; `decodeNow` throws on them.
   * @throws RegistryError UNREACHABLE
   */
  async prepare(values: Iterable<Buffer | null>): Promise<void> {
    for (const bytes of values) {
      try {
        const id = this.#format.schemaIdOf(bytes);
        if (!this.#format.knows(id)) await this.#learn(id);
      } catch (error) {
        if (!(error instanceof UndecodableError)) throw error;
      }
    }
  }

  /** @throws UndecodableError, also for a schema id that `prepare` has not found */
  decodeNow(bytes: Buffer | null): T {
    const unreadable = this.#unreadable.get(this.#format.schemaIdOf(bytes));
    if (unreadable) throw unreadable;
    return this.#format.decode(bytes as Buffer);
  }

  async #learn(id: number): Promise<void> {
    if (this.#format.knows(id)) return;
    try {
      this.#format.learn(id, await this.#registry.schemaById(id));
      this.#unreadable.delete(id);
    } catch (cause) {
      const error = this.#undecodable(id, cause);
      if (this.#unreadable.size >= MOST_KEPT) this.#unreadable.clear();
      if (error instanceof UndecodableError) this.#unreadable.set(id, error);
      throw error;
    }
  }

  #undecodable(id: number, cause: unknown): unknown {
    if (!(cause instanceof RegistryError) || cause.retriable) return cause;
    const said = `The schema registry does not know schema ${id}, expected one of ${this.#format.recordName}`;
    return new UndecodableError(`${said}: ${cause.message}`, { cause });
  }
}
