import { exchange } from './exchange.js';

/** Why the registry gave no answer to use. Only UNREACHABLE is worth another try. */
export type RegistryErrorCode = 'UNREACHABLE' | 'NOT_FOUND' | 'INCOMPATIBLE' | 'REFUSED';

export class RegistryError extends Error {
  override name = 'RegistryError';
  readonly retriable: boolean;

  constructor(
    readonly code: RegistryErrorCode,
    message: string,
    cause?: unknown,
  ) {
    super(message, { cause });
    this.retriable = code === 'UNREACHABLE';
  }
}

const CONTENT_TYPE = 'application/vnd.schemaregistry.v1+json';
const TIMEOUT_MS = 5_000;

/** A Confluent-compatible schema registry. Answers that cannot change (id of a schema, schema of an id) are kept. */
export class SchemaRegistry {
  readonly #url: string;
  readonly #timeoutMs: number;
  readonly #ids = new Map<string, Promise<number>>();
  readonly #schemas = new Map<number, Promise<object>>();

  /**
   * @param url base of the Confluent API, such as http://127.0.0.1:8081/apis/ccompat/v7
   * @param timeoutMs for one answer
   */
  constructor({ url, timeoutMs = TIMEOUT_MS }: { url: string; timeoutMs?: number }) {
    this.#url = url.replace(/\/+$/, '');
    this.#timeoutMs = timeoutMs;
  }

  /**
   * The id of a schema that has been registered; never registers.
   * @throws RegistryError NOT_FOUND that says to run the deploy job, or UNREACHABLE
   */
  idOf(registrySubject: string, schema: object): Promise<number> {
    return keep(this.#ids, `${registrySubject} ${JSON.stringify(schema)}`, async () => {
      const answer = await this.#call('POST', `/subjects/${encodeURIComponent(registrySubject)}`, schemaBody(schema), {
        notFound: `The schema of this build is not registered under ${registrySubject}: run the deploy job first`,
      });
      return (answer as { id: number }).id;
    });
  }

  /** @throws RegistryError NOT_FOUND when no schema has this id, or UNREACHABLE */
  schemaById(id: number): Promise<object> {
    return keep(this.#schemas, id, async () => {
      const answer = await this.#call('GET', `/schemas/ids/${id}`, undefined, {
        notFound: `No schema has the id ${id}`,
      });
      return JSON.parse((answer as { schema: string }).schema) as object;
    });
  }

  /**
   * Registers a schema, or finds it: the same schema gets the same id.
   * @throws RegistryError INCOMPATIBLE when the compatibility of the registry subject forbids it
   */
  async register(registrySubject: string, schema: object): Promise<number> {
    const path = `/subjects/${encodeURIComponent(registrySubject)}/versions`;
    return ((await this.#call('POST', path, schemaBody(schema))) as { id: number }).id;
  }

  async setCompatibility(registrySubject: string, compatibility: 'FULL_TRANSITIVE' | 'FULL' | 'NONE'): Promise<void> {
    const set = (): Promise<unknown> =>
      this.#call('PUT', `/config/${encodeURIComponent(registrySubject)}`, { compatibility });
    try {
      await set();
    } catch (error) {
      // Apicurio looks for the rule and then creates it: whoever comes in between is told that it exists.
      if (!(error instanceof RegistryError && error.code === 'INCOMPATIBLE')) throw error;
      await set();
    }
  }

  /** Whether the registry answers. */
  async reachable(): Promise<boolean> {
    return this.#call('GET', '/subjects?subjectPrefix=none').then(
      () => true,
      () => false,
    );
  }

  async #call(method: string, path: string, body?: object, { notFound }: { notFound?: string } = {}): Promise<unknown> {
    const url = this.#url + path;
    const shown = url.replace(/\/\/[^/]*@/, '//');
    const { status, text } = await exchange(url, {
      method,
      headers: { accept: CONTENT_TYPE, ...(body ? { 'content-type': CONTENT_TYPE } : {}) },
      ...(body ? { body: JSON.stringify(body) } : {}),
      timeoutMs: this.#timeoutMs,
    }).catch((cause: unknown) => {
      throw new RegistryError('UNREACHABLE', `No answer from the schema registry: ${method} ${shown}`, cause);
    });
    if (status >= 200 && status < 300) return text === '' ? undefined : (JSON.parse(text) as unknown);
    const said = `${method} ${shown} answered ${status}: ${text.slice(0, 500)}`;
    if (status === 404) throw new RegistryError('NOT_FOUND', notFound ? `${notFound} (${said})` : said);
    if (status === 409) throw new RegistryError('INCOMPATIBLE', said);
    throw new RegistryError(status >= 500 || status === 429 ? 'UNREACHABLE' : 'REFUSED', said);
  }
}

const schemaBody = (schema: object): object => ({ schema: JSON.stringify(schema), schemaType: 'AVRO' });

/** One look-up for all who ask at once; a failed one is forgotten, so that the next asks again. */
function keep<K, V>(cache: Map<K, Promise<V>>, key: K, load: () => Promise<V>): Promise<V> {
  const known = cache.get(key);
  if (known) return known;
  const loading = load();
  cache.set(key, loading);
  loading.catch(() => cache.delete(key));
  return loading;
}
