import { UndecodableError, type WireFormat } from '@consent/events';
import { RegistryError, type SchemaRegistry } from './schema-registry.js';

/** Decodes records of one type, learning writer schemas from the registry once per id. */
export class RecordReader<T> {
  readonly #format: WireFormat<T>;
  readonly #registry: SchemaRegistry;

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
    this.#format.schemaIdOf(bytes);
    return this.#format.decode(bytes as Buffer);
  }

  async #learn(id: number): Promise<void> {
    if (this.#format.knows(id)) return;
    try {
      this.#format.learn(id, await this.#registry.schemaById(id));
    } catch (error) {
      if (error instanceof RegistryError && !error.retriable)
        throw new UndecodableError(`Schema ${id} of a ${this.#format.recordName} is unknown: ${error.message}`, {
          cause: error,
        });
      throw error;
    }
  }
}
