import { lstatSync, mkdtempSync, rmdirSync } from 'node:fs';
import path from 'node:path';
import { shown } from './settings.mjs';

const ROOT = path.resolve(import.meta.dirname, '../..');

/** `.data` of the checkout, or CONSENT_DATA_DIR (for a checkout on a disk that is too small). */
export function dataFolder(env = process.env) {
  return path.resolve(ROOT, env.CONSENT_DATA_DIR || '.data');
}

/** The folder itself, or the nearest one above it that is there. */
export function nearestExisting(folder) {
  for (let at = folder; ; at = path.dirname(at)) if (isThere(at) || at === path.dirname(at)) return at;
}

/**
 * Why nothing can be kept there; undefined when it can. A folder is made and removed again: permissions alone say
 * nothing of root, nor of a file system like /proc, in which Node's recursive `mkdir` never ends.
 */
export function dataFolderFault(folder) {
  if (
    folder.includes('\0') ||
    folder.split(path.sep).some((name) => Buffer.byteLength(name) > 255) ||
    folder.length > 3_000
  )
    return {
      found: `CONSENT_DATA_DIR is ${shown(folder)}`,
      mend: 'expected a path of bearable length',
      wrongValue: true,
    };
  const above = nearestExisting(folder);
  try {
    rmdirSync(mkdtempSync(path.join(above, '.consent-')));
    return undefined;
  } catch (error) {
    return {
      found: `nothing can be written below ${above} (${error.code}), and data shall be in ${folder}`,
      mend: 'set CONSENT_DATA_DIR to a folder that you may write',
    };
  }
}

function isThere(file) {
  try {
    return Boolean(lstatSync(file));
  } catch {
    return false;
  }
}
