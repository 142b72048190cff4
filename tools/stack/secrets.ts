import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { StackError } from './stack-error.ts';
import { writeAtomically } from './write-atomically.ts';

/** Random passwords and tokens by name, kept in one file that only its owner can read. */
export interface Secrets {
  has(name: string): boolean;
  /** The secret of that name; made on first use. */
  get(name: string): string;
}

/** @throws StackError when the file is not a JSON object of strings */
export function secretsIn(dir: string): Secrets {
  const file = path.join(dir, 'secrets.json');
  const kept = read(file);
  return {
    has: (name) => name in kept,
    get(name) {
      const known = kept[name];
      if (known !== undefined) return known;
      const made = randomBytes(24).toString('base64url');
      kept[name] = made;
      writeAtomically(file, `${JSON.stringify(kept, null, 2)}\n`, 0o600);
      return made;
    },
  };
}

function read(file: string): Record<string, string> {
  if (!existsSync(file)) return {};
  try {
    const parsed: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof parsed === 'object' && parsed && Object.values(parsed).every((value) => typeof value === 'string'))
      return parsed as Record<string, string>;
  } catch {
    // The same mend as for a wrong shape.
  }
  throw new StackError(`${file} is not a JSON object of strings: remove it, or start afresh with \`npm run clean\``);
}
