import { type FastifyInstance } from 'fastify';

/** Which methods exist for a path, so that a wrong method is told apart from a wrong path. */
export class KnownRoutes {
  readonly #routes: { pattern: RegExp; width: string; methods: string[] }[] = [];

  /** Collects routes as they are added; call it before the first is. */
  watch(instance: Pick<FastifyInstance, 'addHook'>): void {
    instance.addHook('onRoute', ({ url, method }) => {
      this.add(url, Array.isArray(method) ? method : [method]);
    });
  }

  add(url: string, methods: readonly string[]): void {
    this.#routes.push({ pattern: patternOf(url), width: widthOf(url), methods: [...methods] });
  }

  /**
   * Methods of the narrowest route that matches a path (without query), sorted; empty when there is none. So `/things/all`
   * takes what it was made for, not what `/things/:id` takes besides.
   */
  methodsOf(path: string): string[] {
    const matching = this.#routes.filter(({ pattern }) => pattern.test(path));
    const [narrowest] = matching.map(({ width }) => width).sort();
    const found = matching.filter(({ width }) => width === narrowest).flatMap(({ methods }) => methods);
    return [...new Set(found)].sort();
  }
}

/** A digit for each part of a route: 0 for a word, 1 for a parameter, 2 for all that follows. Sorts as routes are chosen. */
const widthOf = (url: string): string =>
  url
    .split('/')
    .map((part) => (part.startsWith(':') ? '1' : part.startsWith('*') ? '2' : '0'))
    .join('');

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
