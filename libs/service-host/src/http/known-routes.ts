import { type FastifyInstance } from 'fastify';

/** Which methods exist for a path, so that a wrong method is told apart from a wrong path. */
export class KnownRoutes {
  readonly #routes: { pattern: RegExp; methods: string[] }[] = [];

  /** Collects routes as they are added; call it before the first is. */
  watch(instance: Pick<FastifyInstance, 'addHook'>): void {
    instance.addHook('onRoute', ({ url, method }) => {
      this.add(url, Array.isArray(method) ? method : [method]);
    });
  }

  add(url: string, methods: readonly string[]): void {
    this.#routes.push({ pattern: patternOf(url), methods: [...methods] });
  }

  /** Methods of the routes that match a path (without query), sorted; empty when there is none. */
  methodsOf(path: string): string[] {
    const found = this.#routes.filter(({ pattern }) => pattern.test(path)).flatMap(({ methods }) => methods);
    return [...new Set(found)].sort();
  }
}

/** Fastify's `:name` and `*`, as a regular expression over the whole path. */
const patternOf = (url: string): RegExp =>
  new RegExp(
    `^${url
      .split('/')
      .map((part) =>
        part.startsWith(':') ? '[^/]+' : part.startsWith('*') ? '.*' : part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'),
      )
      .join('/')}$`,
  );
