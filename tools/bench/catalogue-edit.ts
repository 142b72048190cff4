import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { ROOT } from '../stack/instance.ts';

const DIR = path.join(ROOT, 'catalogue');
/** Open by default for customers of both brands. */
export const CHANGED = 'customer-newsletter';
const BRANDS = new RegExp(`(- id: ${CHANGED}\\n[^]*?\\n  )brands: .*\\n  excludedBrands: .*`);

/** The operator's catalogue with one purpose that no longer covers Scarlet: it closes for each of its customers. */
export function withoutScarlet(): { name: string; text: string }[] {
  return readdirSync(DIR, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.join(entry.parentPath, entry.name))
    .sort()
    .map((file) => ({
      name: path.relative(DIR, file).split(path.sep).join('/'),
      text: readFileSync(file, 'utf8').replace(
        BRANDS,
        (_, before: string) => `${before}brands: [proximus]\n  excludedBrands: [scarlet]`,
      ),
    }));
}
