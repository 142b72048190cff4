import { createReadStream, statSync } from 'node:fs';
import path from 'node:path';
import { usageError } from '../cli-error.js';
import { type Context } from '../context.js';
import { EXIT } from '../exit-codes.js';
import { firstBytes } from '../facts/first-bytes.js';
import { loadFacts } from '../facts/load-facts.js';
import { Rejects } from '../facts/rejects.js';
import { type Report } from '../output/report.js';
import { duration, plural } from '../output/words.js';

export interface FactsLoad {
  file: string;
  /** Where lines go that were not taken; null: beside the file. */
  rejects: string | null;
  run: string;
}

const CHUNK = 262_144;

const GZIP = Buffer.from([0x1f, 0x8b]);

/** What cannot be read is for whoever reads it to say. */
function isCompressed(file: string): boolean {
  try {
    return firstBytes(file, GZIP.length).equals(GZIP);
  } catch {
    return false;
  }
}

/** Loads a file of facts, one person a line. Lines that are wrong hold no good one back. */
export async function loadFactsFile(context: Context, { file, rejects: wanted, run }: FactsLoad): Promise<Report> {
  const rejectFile = wanted ?? `${file}.rejected.ndjson`;
  if (path.resolve(rejectFile) === path.resolve(file))
    throw usageError(`--rejects: '${rejectFile}' is the file to load`);
  const kind = statSync(file, { throwIfNoEntry: false });
  if (kind?.isDirectory()) throw usageError(`facts load: '${file}' is a folder; expected a file`);
  if (kind?.isFile() && isCompressed(file))
    throw usageError(`facts load: '${file}' is compressed; expected its text: gunzip it first`);
  const stream = createReadStream(file, { highWaterMark: CHUNK });
  await new Promise<void>((resolve, reject) => {
    stream.once('ready', resolve);
    stream.once('error', (cause: NodeJS.ErrnoException) =>
      reject(usageError(`facts load: cannot read '${file}' (${cause.code ?? cause.message})`)),
    );
  });
  const rejects = new Rejects(rejectFile);
  const started = context.now();
  try {
    const loaded = await loadFacts(context, stream, rejects, run);
    await rejects.close();
    const ms = Math.max(1, context.now() - started);
    const linesPerSecond = Math.round((loaded.lines * 1_000) / ms);
    const json = {
      ...loaded,
      rejected: rejects.count,
      rejectFile: rejects.count > 0 ? rejectFile : null,
      ms,
      linesPerSecond,
    };
    const counts = `${plural(loaded.lines, 'line')}: ${loaded.loaded} loaded, ${rejects.count} rejected${loaded.empty > 0 ? `, ${loaded.empty} empty` : ''}, ${plural(loaded.changes, 'permission')} changed`;
    const head = `${counts}, in ${duration(ms)} (${linesPerSecond} lines a second)`;
    if (rejects.count === 0) return { json, text: head, exitCode: EXIT.ok };
    return { json, text: `${head}\nRejected lines, each with what is wrong: ${rejectFile}`, exitCode: EXIT.incomplete };
  } finally {
    stream.destroy();
    await rejects.close();
  }
}
