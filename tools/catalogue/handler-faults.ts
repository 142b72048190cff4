import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { type Catalogue, type CatalogueFault } from '@consent/consent-rules';

/**
 * Where the catalogue and the rules of the systems do not fit: a purpose that concerns a system without a rule for it,
 * a rule for a purpose that does not concern the system, and one that is never asked, since the system does not say that it
 * knows the purpose (`PURPOSES`).
 * @param apps folder of the systems, each with its `src/on-decision.ts`
 */
export function handlerFaults({ purposes, systems }: Catalogue, apps: string): CatalogueFault[] {
  return [...systems.keys()].flatMap((system) => {
    const handled = handledBy(path.join(apps, system, 'src/on-decision.ts'));
    const missing = [...purposes.values()].filter((p) => p.systems.includes(system) && !handled.has(p.id));
    const known = knownTo(path.join(apps, system, 'src'));
    const unasked = [...handled].filter((id) => !known.has(id) && purposes.get(id)?.systems.includes(system));
    const idle = [...handled].filter((id) => !purposes.get(id)?.systems.includes(system));
    return [
      ...missing.map(({ id, chapter }) => ({
        file: `purposes/${chapter}.yaml`,
        id,
        field: 'systems',
        message: `found ${system}, which has no rule for it`,
        expected: `case '${id}' in apps/${system}/src/on-decision.ts`,
      })),
      ...unasked.map((id) => ({
        file: `apps/${system}/src/on-decision.ts`,
        id,
        field: '',
        message: 'found a rule that is never asked',
        expected: `'${id}' among PURPOSES, there or in purposes.ts`,
      })),
      ...idle.map((id) => ({
        file: `apps/${system}/src/on-decision.ts`,
        id,
        field: '',
        message: `found a rule for a purpose that does not concern ${system}`,
        expected: `${system} under its systems in the catalogue, or no rule`,
      })),
    ];
  });
}

const handledBy = (file: string): ReadonlySet<string> =>
  new Set(
    existsSync(file) ? [...readFileSync(file, 'utf8').matchAll(/case '([a-z0-9-]+)'/g)].map(([, id]) => id ?? '') : [],
  );

/** What the system says that it knows: the rest it sets aside, rule or not. */
const knownTo = (folder: string): ReadonlySet<string> =>
  new Set(
    ['on-decision.ts', 'purposes.ts']
      .map((name) => path.join(folder, name))
      .filter((file) => existsSync(file))
      .flatMap((file) => /export const PURPOSES = \[([^\]]*)\]/.exec(readFileSync(file, 'utf8'))?.[1] ?? '')
      .flatMap((list) => [...list.matchAll(/'([a-z0-9-]+)'/g)].map(([, id]) => id ?? '')),
  );
