import { createHash } from 'node:crypto';
import avsc from 'avsc';
import {
  type ConsentDecision,
  ConsentDecisionSchema,
  type PropagationAcknowledgement,
  PropagationAcknowledgementSchema,
} from './wire.generated.js';

const MAGIC = 0;
const HEADER_BYTES = 5;

/** Bytes that are not a record of the expected type in the Confluent wire format. Never retriable. */
export class UndecodableError extends Error {
  override name = 'UndecodableError';
}

/**
 * One record type in the Confluent wire format: magic byte 0, schema id (4 bytes, big endian), Avro binary.
 * Writer schemas are learnt once per id and resolved to this build's reader schema.
 */
export class WireFormat<T> {
  readonly #type: avsc.Type;
  readonly #readers = new Map<number, avsc.Resolver | 'same'>();
  /** Begins with the magic byte. */
  #scratch = Buffer.alloc(1_024);

  /** @param schema the reader schema of this build, as parsed JSON */
  constructor(readonly schema: object) {
    this.#type = avsc.Type.forSchema(structuredClone(schema) as avsc.Schema);
  }

  /** Full name of the record, such as `consent.ConsentDecision`. */
  get recordName(): string {
    return this.#type.name ?? '';
  }

  /** SHA-256 of the schema's JSON, lower-case hex; tells two builds apart. */
  get fingerprint(): string {
    return createHash('sha256').update(JSON.stringify(this.schema)).digest('hex');
  }

  /** @throws Error naming field and value when `value` does not fit the schema */
  encode(schemaId: number, value: T): Buffer {
    const end = this.#write(value);
    this.#scratch.writeUInt32BE(schemaId, 1);
    const out = Buffer.allocUnsafe(end);
    this.#scratch.copy(out, 0, 0, end);
    return out;
  }

  /** Writes the body behind the header. @returns where it ends */
  #write(value: T): number {
    try {
      let end = this.#type.encode(value, this.#scratch, HEADER_BYTES);
      if (end < 0) {
        this.#scratch = Buffer.alloc(2 * (this.#scratch.length - end));
        end = this.#type.encode(value, this.#scratch, HEADER_BYTES);
      }
      return end;
    } catch (cause) {
      const wrong: string[] = [];
      this.#type.isValid(value, {
        errorHook: (path, found) => wrong.push(`${path.join('.')} is ${JSON.stringify(found) ?? 'missing'}`),
      });
      throw new Error(`Not a ${this.recordName}: ${wrong.join('; ') || String(cause)}`, { cause });
    }
  }

  /** @throws UndecodableError when the bytes do not start with a wire-format header */
  schemaIdOf(bytes: Buffer | null): number {
    if (bytes === null) throw new UndecodableError(`Expected a ${this.recordName}, found a record without value`);
    if (bytes.length < HEADER_BYTES || bytes[0] !== MAGIC)
      throw new UndecodableError(
        `Expected the Confluent wire format (byte 0, schema id, Avro), found ${bytes.length} bytes starting ${bytes.subarray(0, HEADER_BYTES).toString('hex') || 'with nothing'}`,
      );
    return bytes.readUInt32BE(1);
  }

  knows(schemaId: number): boolean {
    return this.#readers.has(schemaId);
  }

  /** @throws UndecodableError when the writer schema cannot be resolved to the reader schema */
  learn(schemaId: number, writerSchema: object): void {
    try {
      const writer = avsc.Type.forSchema(structuredClone(writerSchema) as avsc.Schema);
      this.#readers.set(
        schemaId,
        JSON.stringify(writerSchema) === JSON.stringify(this.schema) ? 'same' : this.#type.createResolver(writer),
      );
    } catch (cause) {
      throw new UndecodableError(`Schema ${schemaId} is not readable as ${this.recordName}: ${String(cause)}`, {
        cause,
      });
    }
  }

  /** @throws UndecodableError; call `learn` for the record's schema id first */
  decode(bytes: Buffer): T {
    const id = this.schemaIdOf(bytes);
    const reader = this.#readers.get(id);
    if (reader === undefined) throw new UndecodableError(`Schema ${id} has not been looked up`);
    try {
      const read: { value: T; offset: number } = this.#type.decode(
        bytes,
        HEADER_BYTES,
        reader === 'same' ? undefined : reader,
      );
      if (read.offset === bytes.length) return read.value;
      throw new Error(read.offset < 0 ? 'it ends too early' : `it ends at byte ${read.offset}`);
    } catch (cause) {
      throw new UndecodableError(`Not a ${this.recordName} under schema ${id}: ${String(cause)}`, { cause });
    }
  }
}

export const decisionFormat = (): WireFormat<ConsentDecision> => new WireFormat(ConsentDecisionSchema);
export const acknowledgementFormat = (): WireFormat<PropagationAcknowledgement> =>
  new WireFormat(PropagationAcknowledgementSchema);
