import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

/** What is wrong with a folder of files, judged by the sums that are expected. */
export interface ChecksumReport {
  missing: string[];
  wrong: string[];
}

/** Lines `<SHA-512 in hex>  <path>`, as sha512sum writes them. @throws Error naming the first other line */
export function parseChecksums(text: string): Map<string, string> {
  const sums = new Map<string, string>();
  for (const [index, line] of text.trim().split('\n').entries()) {
    const [, sum, file] = /^([0-9a-f]{128}) {2}(.+)$/.exec(line) ?? [];
    if (!sum || !file) throw new Error(`Line ${index + 1} is not '<SHA-512 in hex>  <path>': ${line}`);
    sums.set(file, sum);
  }
  return sums;
}

/** Reads every expected file: a size or a date would not show a damaged one. */
export async function compareChecksums(dir: string, expected: ReadonlyMap<string, string>): Promise<ChecksumReport> {
  const report: ChecksumReport = { missing: [], wrong: [] };
  for (const [file, sum] of expected) {
    const found = await sha512(path.join(dir, file));
    if (found === undefined) report.missing.push(file);
    else if (found !== sum) report.wrong.push(file);
  }
  return report;
}

async function sha512(file: string): Promise<string | undefined> {
  const hash = createHash('sha512');
  try {
    await pipeline(createReadStream(file, { highWaterMark: 1 << 20 }), hash);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
  return hash.digest('hex');
}
