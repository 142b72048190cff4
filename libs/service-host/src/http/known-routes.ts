import { type FastifyInstance } from 'fastify';

/** Which methods exist for a path, so that a wrong method is told apart from a wrong path. */
export class KnownRoutes {
  readonly #routes: { url: string; pattern: RegExp; width: string; methods: string[] }[] = [];
  readonly #rivals = new Map<string, boolean>();

  /** Collects routes as they are added; call it before the first is. */
  watch(instance: Pick<FastifyInstance, 'addHook'>): void {
    instance.addHook('onRoute', ({ url, method }) => {
      this.add(url, Array.isArray(method) ? method : [method]);
    });
  }

  add(url: string, methods: readonly string[]): void {
    this.#routes.push({ url, pattern: patternOf(url), width: widthOf(url), methods: [...methods] });
  }

  /** Whether a path that this route takes could be another route's too. */
  hasRival(url: string): boolean {
    const known = this.#rivals.get(url) ?? this.#routes.some((other) => other.url !== url && overlap(other.url, url));
    this.#rivals.set(url, known);
    return known;
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

/** Whether some path matches both routes. */
function overlap(one: string, other: string): boolean {
  const [a, b] = [one.split('/'), other.split('/')];
  const all = a.findIndex((part, i) => part.startsWith('*') || b[i]?.startsWith('*'));
  if (all === -1 && a.length !== b.length) return false;
  return a
    .slice(0, all === -1 ? a.length : all)
    .every((part, i) => part === b[i] || part.startsWith(':') || b[i]?.startsWith(':'));
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
